#ifndef OTPGATE_STORAGE_POSTGRES_PG_CLEANER_H_
#define OTPGATE_STORAGE_POSTGRES_PG_CLEANER_H_

#include <cstdint>
#include <optional>

#include "base/pg/connection.h"
#include "storage/cleanup.h"
#include "storage/postgres/store_connection.h"

namespace otpgate::storage::postgres {

// Cleaner over PostgreSQL, with its own connection, which must sign in as otpgate_cleanup or as an
// administrator. Cursors are page numbers of the table; rows that others have locked are skipped.
// Connects at the first call; a call is one round trip. A range of pages that exceeds the
// statement_timeout is halved, and doubled again after a few statements that were in time.
class PgCleaner final : public Cleaner {
 public:
  explicit PgCleaner(pg::ConnectionOptions options);

  absl::StatusOr<CleanupStep> Remove(CleanupKind kind, const Retention& retention, int64_t cursor,
                                     int limit) override;
  absl::StatusOr<CleanupStep> Count(CleanupKind kind, const Retention& retention,
                                    int64_t cursor) override;

 private:
  // Pages for the next statement: `most` for another table than before, else what has worked.
  int64_t PagesFor(CleanupKind kind, int64_t most);
  // True if the statement took too long and was over more than one page: halves pages_.
  bool HalvePagesIfTooSlow(const absl::Status& status);

  StoreConnection connection_;
  std::optional<CleanupKind> kind_;  // of the last call
  int64_t most_ = 0;
  int64_t pages_ = 0;
  int in_time_ = 0;  // statements since pages_ changed
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_PG_CLEANER_H_
