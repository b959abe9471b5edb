#ifndef OTPGATE_STORAGE_POSTGRES_PG_JOB_LEASES_H_
#define OTPGATE_STORAGE_POSTGRES_PG_JOB_LEASES_H_

#include <optional>
#include <string>

#include "storage/job_leases.h"
#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_session.h"

namespace otpgate {

// JobLeases over PostgreSQL, with a connection of its own, of the role that does the jobs. Connects
// at the first call; one round trip a call.
class PgJobLeases final : public JobLeases {
 public:
  explicit PgJobLeases(PgOptions options);

  absl::StatusOr<LeaseAnswer> Take(absl::string_view job, absl::string_view holder,
                                   absl::Duration lease, bool at_once) override;
  absl::StatusOr<bool> Renew(absl::string_view job, absl::string_view holder,
                             absl::Duration lease) override;
  absl::StatusOr<bool> Finish(absl::string_view job, absl::string_view holder,
                              absl::Duration interval, absl::string_view result) override;
  absl::StatusOr<std::optional<JobLease>> Read(absl::string_view job) override;

 private:
  PgSession session_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_JOB_LEASES_H_
