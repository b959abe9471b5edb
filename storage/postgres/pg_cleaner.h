#ifndef OTPGATE_STORAGE_POSTGRES_PG_CLEANER_H_
#define OTPGATE_STORAGE_POSTGRES_PG_CLEANER_H_

#include "storage/cleanup.h"
#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_session.h"

namespace otpgate {

// Cleaner over PostgreSQL, with a connection of its own, which must be one of otpgate_cleanup or
// of an administrator. Places are pages of the table; rows that others hold are skipped. Connects
// at the first call; one round trip a call.
class PgCleaner final : public Cleaner {
 public:
  explicit PgCleaner(PgOptions options);

  absl::StatusOr<CleanupStep> Remove(CleanupKind kind, const Retention& retention, int64_t place,
                                     int limit) override;
  absl::StatusOr<CleanupStep> Count(CleanupKind kind, const Retention& retention,
                                    int64_t place) override;

 private:
  PgSession session_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_CLEANER_H_
