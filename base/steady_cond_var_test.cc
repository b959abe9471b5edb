#include "base/steady_cond_var.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/clock.h"

namespace otpgate {
namespace {

TEST(SteadyCondVarTest, AFlagEndsTheWait) {
  absl::Mutex mu;
  SteadyCondVar changed;
  bool flag = false;
  std::thread other([&] {
    absl::MutexLock lock(&mu);
    flag = true;
    changed.Signal();
  });
  {
    absl::MutexLock lock(&mu);
    EXPECT_TRUE(changed.Await(&mu, flag, absl::InfiniteDuration()));
  }
  other.join();
}

TEST(SteadyCondVarTest, WithoutAFlagItLastsAsLongAsItSays) {
  const SystemClock clock;
  const bool flag = false;
  absl::Mutex mu;
  SteadyCondVar changed;
  const absl::Duration begin = clock.Steady();
  absl::MutexLock lock(&mu);
  EXPECT_FALSE(changed.Await(&mu, flag, absl::Milliseconds(20)));
  EXPECT_GE(clock.Steady() - begin, absl::Milliseconds(20));
  EXPECT_FALSE(changed.Await(&mu, flag, -absl::Seconds(1)));
}

}  // namespace
}  // namespace otpgate
