#include "base/steady_cond_var.h"

#include <algorithm>
#include <chrono>

namespace otpgate {
namespace {

// An absl::Mutex as a BasicLockable of the standard library.
struct Lock {
  absl::Mutex* mu;
  void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mu->Lock(); }
  void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mu->Unlock(); }
};

// At most a century, so that the end of the wait does not overflow.
std::chrono::nanoseconds ForTheLibrary(absl::Duration duration) {
  return absl::ToChronoNanoseconds(std::min(duration, absl::Hours(24 * 36525)));
}

}  // namespace

void SteadyCondVar::Wait(absl::Mutex* mu, absl::Duration duration) {
  Lock lock{mu};
  changed_.wait_for(lock, ForTheLibrary(duration));
}

bool SteadyCondVar::Await(absl::Mutex* mu, const bool& flag, absl::Duration duration) {
  Lock lock{mu};
  return changed_.wait_for(lock, ForTheLibrary(duration), [&flag] { return flag; });
}

}  // namespace otpgate
