#ifndef OTPGATE_STORAGE_POSTGRES_PG_JOB_LEASES_H_
#define OTPGATE_STORAGE_POSTGRES_PG_JOB_LEASES_H_

#include <optional>
#include <string>

#include "base/pg/connection.h"
#include "storage/job_leases.h"
#include "storage/postgres/store_connection.h"

namespace otpgate::storage::postgres {

// JobLeases over PostgreSQL, with its own connection, which must sign in as otpgate_cleanup or as
// an administrator. Connects at the first call; a call is one round trip.
class PgJobLeases final : public JobLeases {
 public:
  explicit PgJobLeases(pg::ConnectionOptions options);

  absl::StatusOr<LeaseAnswer> Take(absl::string_view job, absl::string_view holder,
                                   absl::Duration lease, bool at_once) override;
  absl::StatusOr<bool> Renew(absl::string_view job, absl::string_view holder,
                             absl::Duration lease) override;
  absl::StatusOr<bool> Finish(absl::string_view job, absl::string_view holder,
                              absl::Duration interval, absl::string_view result) override;
  absl::StatusOr<std::optional<JobLease>> Read(absl::string_view job) override;

 private:
  StoreConnection connection_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_PG_JOB_LEASES_H_
