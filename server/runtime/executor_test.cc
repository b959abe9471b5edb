#include "server/runtime/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>

#include "absl/synchronization/notification.h"

namespace otpgate::runtime {
namespace {

TEST(ExecutorTest, RunsWhatWasPostedBeforeItEnds) {
  std::atomic<int> run = 0;
  {
    Executor executor(2);
    for (int i = 0; i < 100; ++i) executor.Post([&run] { ++run; });
  }
  EXPECT_EQ(run, 100);
}

TEST(ExecutorTest, RefusesWhenTooManyWaitAndTakesAgainAfterwards) {
  std::atomic<int> run = 0;
  absl::Notification busy, go_on;
  std::optional<Executor> executor;
  executor.emplace(/*threads=*/1, /*full=*/2);
  executor->Post([&] {
    busy.Notify();
    go_on.WaitForNotification();
  });
  busy.WaitForNotification();
  Executor::Task one = [&run] { ++run; };
  Executor::Task two = [&run] { ++run; };
  Executor::Task three = [&run] { ++run; };
  EXPECT_TRUE(executor->PostUnlessFull(one));
  EXPECT_TRUE(executor->PostUnlessFull(two));
  EXPECT_FALSE(executor->PostUnlessFull(three));
  executor->Post([&run] { ++run; });  // has no limit
  go_on.Notify();
  absl::Notification done;
  executor->Post([&done] { done.Notify(); });
  done.WaitForNotification();
  EXPECT_EQ(run, 3);
  EXPECT_TRUE(executor->PostUnlessFull(three)) << "it was not taken before";
  executor.reset();
  EXPECT_EQ(run, 4);
}

TEST(ExecutorTest, NothingRunsAfterStop) {
  std::atomic<int> run = 0;
  Executor executor(2);
  for (int i = 0; i < 100; ++i) executor.Post([&run] { ++run; });
  executor.Stop();
  EXPECT_EQ(run, 100) << "what was posted before does";
  Executor::Task late = [&run] { ++run; };
  EXPECT_FALSE(executor.PostUnlessFull(late));
  executor.Post([&run] { ++run; });
  executor.Stop();
  EXPECT_EQ(run, 100);
}

}  // namespace
}  // namespace otpgate::runtime
