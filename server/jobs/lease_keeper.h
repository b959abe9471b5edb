#ifndef OTPGATE_SERVER_JOBS_LEASE_KEEPER_H_
#define OTPGATE_SERVER_JOBS_LEASE_KEEPER_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/runtime/clock.h"
#include "storage/job_leases.h"

namespace otpgate {

// The lease of a job, from Take to Finish. One thread; errors are those of JobLeases.
class LeaseKeeper {
 public:
  struct Names {
    std::string job;
    std::string holder;  // this process, and no other one
  };

  // `leases` and `clock` outlive it.
  LeaseKeeper(JobLeases& leases, const Clock& clock, Names names, absl::Duration lease)
      : leases_(leases), clock_(clock), names_(std::move(names)), lease_(lease) {}

  absl::StatusOr<LeaseAnswer> Take(bool at_once);

  // So often it wants to be kept.
  absl::Duration slice() const { return lease_ / 3; }

  // Renews the lease once a slice has passed. False: it was taken over, or has ended while nobody
  // could be asked.
  bool Keep();
  // Keeps it for so long: `pass` passes a slice of the time, and says whether to go on. False: it
  // said no, or the lease was lost.
  bool KeepFor(absl::Duration time, absl::FunctionRef<bool(absl::Duration)> pass);

  // Again while somebody else has the row, as all do who ask for the lease at the same moment.
  absl::StatusOr<bool> Finish(absl::Duration interval, absl::string_view result);

  absl::StatusOr<std::optional<JobLease>> Read() { return leases_.Read(names_.job); }

 private:
  JobLeases& leases_;
  const Clock& clock_;
  const Names names_;
  const absl::Duration lease_;
  absl::Duration renewed_at_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_JOBS_LEASE_KEEPER_H_
