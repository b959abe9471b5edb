#include "server/runtime/steady_cond_var.h"

#include <algorithm>
#include <chrono>

namespace otpgate {
namespace {

// What the standard library calls a lock.
struct Lock {
  absl::Mutex* mu;
  void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mu->Lock(); }
  void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mu->Unlock(); }
};

// A century at most: added to the time, it does not overflow.
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
