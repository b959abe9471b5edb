#ifndef OTPGATE_STORAGE_JOB_LEASES_H_
#define OTPGATE_STORAGE_JOB_LEASES_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace otpgate::storage {

// The longest lease.
constexpr absl::Duration kJobLeaseMax = absl::Minutes(10);

// A row of `job_leases`: a job that one server of the fleet runs at a time.
struct JobLease {
  std::string holder;     // server that runs the job, or ran it last
  absl::Time held_until;  // nobody else runs the job before
  absl::Time due_at;      // earliest start of the next run
  absl::Time started_at;
  std::optional<absl::Time> finished_at;  // end of the last run that was finished
  std::string result;                     // what that run did
  absl::Time now;                         // the store's clock
};

struct LeaseAnswer {
  bool taken = false;
  absl::Duration wait;  // if not taken: how long until it may be free and due
};

// Blocking; one thread per object. Holders have different names. A lease makes double work
// rare but does not exclude it: a holder that was suspended past the end of its lease does not
// notice. Any call may return
//   UNAVAILABLE        the store cannot be reached or is not well; nothing happened
//   ABORTED            serialization failure; nothing happened
//   DEADLINE_EXCEEDED  somebody else has the row at this moment; nothing happened
//   UNKNOWN            no answer: it may have happened. Safe to repeat.
class JobLeases {
 public:
  virtual ~JobLeases() = default;

  // Takes `job` for `lease` if nobody holds it and it is due; with `at_once` also if it is not due.
  // A lease that started more than a minute in the future, or ends more than kJobLeaseMax and a
  // minute from now, does not count: the store's clock was set back.
  virtual absl::StatusOr<LeaseAnswer> Take(absl::string_view job, absl::string_view holder,
                                           absl::Duration lease, bool at_once) = 0;

  // Extends the lease to `lease` from now. False: somebody else took the job over.
  virtual absl::StatusOr<bool> Renew(absl::string_view job, absl::string_view holder,
                                     absl::Duration lease) = 0;

  // Ends the lease; the job is due again `interval` after it was taken. False: somebody else took
  // the job over.
  virtual absl::StatusOr<bool> Finish(absl::string_view job, absl::string_view holder,
                                      absl::Duration interval, absl::string_view result) = 0;

  // None: the job was never taken.
  virtual absl::StatusOr<std::optional<JobLease>> Read(absl::string_view job) = 0;
};

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_JOB_LEASES_H_
