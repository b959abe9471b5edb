#ifndef OTPGATE_SERVER_RUNTIME_STEADY_COND_VAR_H_
#define OTPGATE_SERVER_RUNTIME_STEADY_COND_VAR_H_

#include <condition_variable>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace otpgate {

// Waits that last as long as they say. Those of Abseil end at a time of the wall clock: set back by
// an hour, it makes them an hour longer. Thread-safe.
class SteadyCondVar {
 public:
  // Wakes everybody who waits.
  void Signal() { changed_.notify_all(); }

  // Lets go of `mu` until Signal, at most for `duration`. May return early.
  void Wait(absl::Mutex* mu, absl::Duration duration) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu);

  // Until `flag`, which is set under `mu` before Signal, at most for `duration`. The flag.
  bool Await(absl::Mutex* mu, const bool& flag, absl::Duration duration)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu);

 private:
  std::condition_variable_any changed_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_STEADY_COND_VAR_H_
