#ifndef OTPGATE_BASE_STEADY_COND_VAR_H_
#define OTPGATE_BASE_STEADY_COND_VAR_H_

#include <condition_variable>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace otpgate {

// A condition variable for absl::Mutex whose timeouts use the steady clock. Those of Abseil end at
// a time of the wall clock, so they last an hour longer when it is set back by an hour.
// Thread-safe.
class SteadyCondVar {
 public:
  // Wakes all waiting threads.
  void Signal() { changed_.notify_all(); }

  // Releases `mu` until Signal, for `duration` at most. May return early.
  void Wait(absl::Mutex* mu, absl::Duration duration) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu);

  // Releases `mu` until `flag` is true, for `duration` at most. Set the flag under `mu`, then call
  // Signal. Returns the flag.
  bool Await(absl::Mutex* mu, const bool& flag, absl::Duration duration)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu);

 private:
  std::condition_variable_any changed_;
};

}  // namespace otpgate

#endif  // OTPGATE_BASE_STEADY_COND_VAR_H_
