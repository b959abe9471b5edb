#include "server/runtime/repeater.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"

namespace otpgate::runtime {
namespace {

TEST(RepeaterTest, GoesOnUntilItIsStopped) {
  std::atomic<int> times = 0;
  absl::Notification third;
  Repeater repeater(absl::Milliseconds(1), [&] {
    if (++times == 3) third.Notify();
  });
  third.WaitForNotification();
  repeater.Stop();
  const int then = times;
  repeater.Stop();
  EXPECT_EQ(times, then);
}

TEST(RepeaterTest, StopDoesNotWaitForTheNextTime) {
  bool done = false;
  {
    const Repeater repeater(absl::Hours(24), [&] { done = true; });
  }
  EXPECT_FALSE(done) << "the first time is one interval away";
}

TEST(RepeaterTest, StopWaitsForATaskThatRuns) {
  absl::Notification begun;
  std::atomic<bool> ended = false;
  Repeater repeater(absl::ZeroDuration(), [&] {
    if (!begun.HasBeenNotified()) begun.Notify();
    ended = false;
    for (int i = 0; i < 1'000; ++i) std::this_thread::yield();
    ended = true;
  });
  begun.WaitForNotification();
  repeater.Stop();
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace otpgate::runtime
