#ifndef OTPGATE_STORAGE_JOB_LEASES_H_
#define OTPGATE_STORAGE_JOB_LEASES_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace otpgate {

// The longest lease.
constexpr absl::Duration kJobLeaseMax = absl::Minutes(10);

// A row of `job_leases`: a job that one server of the fleet runs at a time.
struct JobLease {
  std::string holder;     // who runs it, or ran it last
  absl::Time held_until;  // nobody else runs it before
  absl::Time due_at;      // it runs next, at the earliest
  absl::Time started_at;
  std::optional<absl::Time> finished_at;  // the last run that ended in order
  std::string result;                     // what that one did
  absl::Time now;                         // the store's clock
};

struct LeaseAnswer {
  bool taken = false;
  absl::Duration wait;  // not taken: it may be free and due then
};

// Blocking; one thread per object. Holders have different names. Leases are for doing work once,
// not for being right: a holder that slept past its lease does not know. Any call may return
//   UNAVAILABLE        the store cannot be reached or is not well; nothing happened
//   ABORTED            serialization failure; nothing happened
//   DEADLINE_EXCEEDED  somebody else has the row at this moment; nothing happened
//   UNKNOWN            no answer: it may have happened. Safe to repeat.
class JobLeases {
 public:
  virtual ~JobLeases() = default;

  // Takes `job` for `lease` if nobody holds it and it is due; `at_once`: also if it is not due.
  // What somebody took more than a minute from now on, or holds for more than kJobLeaseMax and a
  // minute, does not count: the store's clock was set back.
  virtual absl::StatusOr<LeaseAnswer> Take(absl::string_view job, absl::string_view holder,
                                           absl::Duration lease, bool at_once) = 0;

  // Holds it for `lease` from now on. False: it was taken over.
  virtual absl::StatusOr<bool> Renew(absl::string_view job, absl::string_view holder,
                                     absl::Duration lease) = 0;

  // Gives it back, due again `interval` after it was taken. False: it was taken over.
  virtual absl::StatusOr<bool> Finish(absl::string_view job, absl::string_view holder,
                                      absl::Duration interval, absl::string_view result) = 0;

  // None: it was never taken.
  virtual absl::StatusOr<std::optional<JobLease>> Read(absl::string_view job) = 0;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_JOB_LEASES_H_
