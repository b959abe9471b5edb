#ifndef OTPGATE_SERVER_JOBS_LEASE_KEEPER_H_
#define OTPGATE_SERVER_JOBS_LEASE_KEEPER_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/random.h"
#include "storage/job_leases.h"

namespace otpgate::jobs {

// Whether a call failed because somebody else used the same rows at that moment; nothing happened.
// Such a call is worth repeating kContentionTries times at most.
inline bool IsContention(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsDeadlineExceeded(status);
}
inline constexpr int kContentionTries = 5;

// The name of this process in leases, such as "web-3:4711:9f86d081": host and process id for
// people, and a random part, because containers may share both.
std::string HolderName(Random& random);

// Holds the lease of one job, from Take to Finish. Blocking; one thread. Errors are those of
// storage::JobLeases.
class LeaseKeeper {
 public:
  struct Names {
    std::string job;
    std::string holder;  // unique to this process: HolderName
  };

  // `leases` and `clock` outlive the keeper. `lease`: how long each renewal lasts.
  LeaseKeeper(storage::JobLeases& leases, const Clock& clock, Names names, absl::Duration lease)
      : leases_(leases), clock_(clock), names_(std::move(names)), lease_(lease) {}

  // As JobLeases::Take.
  absl::StatusOr<storage::LeaseAnswer> Take(bool at_once);

  // The time between renewals: call Keep at least this often.
  absl::Duration slice() const { return lease_ / 3; }

  // Renews the lease if a slice has passed since the last renewal. False: somebody took it over, or
  // it ended while the store did not answer.
  bool Keep();
  // Keeps the lease for `time`. `pass` waits for the duration it is given, a slice or less, and
  // says whether to go on. False: `pass` said no, or the lease was lost.
  bool KeepFor(absl::Duration time, absl::FunctionRef<bool(absl::Duration)> pass);

  // As JobLeases::Finish, repeated on contention: servers that ask for the lease lock its row for a
  // moment.
  absl::StatusOr<bool> Finish(absl::Duration interval, absl::string_view result);

  absl::StatusOr<std::optional<storage::JobLease>> Read() { return leases_.Read(names_.job); }

 private:
  storage::JobLeases& leases_;
  const Clock& clock_;
  const Names names_;
  const absl::Duration lease_;
  absl::Duration renewed_at_;
};

}  // namespace otpgate::jobs

#endif  // OTPGATE_SERVER_JOBS_LEASE_KEEPER_H_
