#ifndef OTPGATE_TESTS_SUPPORT_FAKE_CLOCK_H_
#define OTPGATE_TESTS_SUPPORT_FAKE_CLOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace otpgate::support {

// A clock that moves only when a test moves it. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now = absl::FromUnixSeconds(1'800'000'000)) : now_(now) {}

  absl::Time Now() const override {
    absl::MutexLock lock(&mu_);
    return now_;
  }
  absl::Duration Steady() const override {
    absl::MutexLock lock(&mu_);
    return steady_;
  }
  void Advance(absl::Duration by) {
    absl::MutexLock lock(&mu_);
    now_ += by;
    steady_ += by;
  }
  // Moves the wall clock but not the steady clock.
  void Jump(absl::Duration by) {
    absl::MutexLock lock(&mu_);
    now_ += by;
  }

 private:
  mutable absl::Mutex mu_;
  absl::Time now_ ABSL_GUARDED_BY(mu_);
  absl::Duration steady_ ABSL_GUARDED_BY(mu_) = absl::Seconds(1);
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_FAKE_CLOCK_H_
