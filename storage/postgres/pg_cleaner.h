#ifndef OTPGATE_STORAGE_POSTGRES_PG_CLEANER_H_
#define OTPGATE_STORAGE_POSTGRES_PG_CLEANER_H_

#include <cstdint>
#include <optional>

#include "storage/cleanup.h"
#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_session.h"

namespace otpgate {

// Cleaner over PostgreSQL, with a connection of its own, which must be one of otpgate_cleanup or
// of an administrator. Places are pages of the table; rows that others hold are skipped. Connects
// at the first call; one round trip a call. A stretch of pages that takes longer than a statement
// may is halved, and doubled again after a few that were in time.
class PgCleaner final : public Cleaner {
 public:
  explicit PgCleaner(PgOptions options);

  absl::StatusOr<CleanupStep> Remove(CleanupKind kind, const Retention& retention, int64_t place,
                                     int limit) override;
  absl::StatusOr<CleanupStep> Count(CleanupKind kind, const Retention& retention,
                                    int64_t place) override;

 private:
  // As many pages as the table's statements managed so far, `most` for another table.
  int64_t PagesFor(CleanupKind kind, int64_t most);
  // Took too long, which fewer pages may mend.
  bool Halves(const absl::Status& status);

  PgSession session_;
  std::optional<CleanupKind> kind_;  // of the last call
  int64_t most_ = 0;
  int64_t pages_ = 0;
  int in_time_ = 0;  // statements since pages_ changed
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_CLEANER_H_
