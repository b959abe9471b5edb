#include "server/jobs/leased_job.h"

#include <gmock/gmock.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "storage/memory/job_leases.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_leases.h"
#include "tests/support/status_matchers.h"

namespace otpgate::jobs {
namespace {

using support::FakeClock;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr LeasedJob::Options kOptions = {absl::Minutes(1), absl::Seconds(30)};

class LeasedJobTest : public ::testing::Test {
 protected:
  using Body = std::function<absl::StatusOr<std::string>(LeasedJob::Pause)>;

  // One server of the fleet.
  std::unique_ptr<LeasedJob> NewJob(const std::string& holder, Body body) {
    return std::make_unique<LeasedJob>(
        LeasedJob::Parts{
            .names = {.job = "job", .holder = holder},
            .leases = std::make_unique<storage::memory::MemoryJobLeases>(database_),
            .run = std::move(body),
            .on_failure =
                [this](const absl::Status& status) { failures_.emplace_back(status.message()); },
            .clock = &clock_},
        kOptions);
  }
  Body Noting(const std::string& name) {
    return [this, name](LeasedJob::Pause) {
      ran_.push_back(name);
      return "done by " + name;
    };
  }
  storage::JobLease Lease() {
    storage::memory::MemoryJobLeases leases(database_);
    return leases.Read("job")->value_or(storage::JobLease());
  }

  support::FakeClock clock_;
  storage::memory::MemoryDatabase database_{clock_};
  std::vector<std::string> ran_;
  std::vector<std::string> failures_;
};

TEST_F(LeasedJobTest, J4_OnePerIntervalOverAllServers) {
  const auto a = NewJob("a", Noting("a"));
  const auto b = NewJob("b", Noting("b"));
  EXPECT_EQ(a->RunIfDue(), absl::Minutes(1));
  EXPECT_EQ(b->RunIfDue(), absl::Minutes(1));
  EXPECT_THAT(ran_, ElementsAre("a"));
  clock_.Advance(absl::Seconds(40));
  EXPECT_EQ(b->RunIfDue(), absl::Seconds(20));
  clock_.Advance(absl::Seconds(20));
  b->RunIfDue();
  a->RunIfDue();
  EXPECT_THAT(ran_, ElementsAre("a", "b"));
  EXPECT_EQ(Lease().result, "done by b");
}

TEST_F(LeasedJobTest, J4_WhileOneRunsNobodyElseDoes) {
  const auto b = NewJob("b", Noting("b"));
  const auto a = NewJob("a", [&](LeasedJob::Pause pause) {
    for (int i = 0; i < 10; ++i) {
      // Each step is shorter than the lease, all of them are longer than an interval.
      clock_.Advance(absl::Seconds(20));
      EXPECT_GT(b->RunIfDue(), absl::ZeroDuration());
      EXPECT_TRUE(pause(absl::ZeroDuration()));
    }
    return std::string("done");
  });
  a->RunIfDue();
  EXPECT_THAT(ran_, IsEmpty());
  b->RunIfDue();
  EXPECT_THAT(ran_, ElementsAre("b")) << "the interval was over";
}

TEST_F(LeasedJobTest, J4_ADeadHolderIsFollowedWhenItsLeaseHasEnded) {
  // It never comes back from its first step.
  ASSERT_TRUE(storage::memory::MemoryJobLeases(database_)
                  .Take("job", "dead", kOptions.lease, false)
                  ->taken);
  const auto b = NewJob("b", Noting("b"));
  EXPECT_EQ(b->RunIfDue(), kOptions.lease);
  clock_.Advance(kOptions.lease - absl::Microseconds(1));
  b->RunIfDue();
  EXPECT_THAT(ran_, IsEmpty());
  clock_.Advance(absl::Microseconds(1));
  b->RunIfDue();
  EXPECT_THAT(ran_, ElementsAre("b"));
}

TEST_F(LeasedJobTest, J4_WhoSleptPastTheLeaseEndsWithTheNextStep) {
  const auto b = NewJob("b", Noting("b"));
  const auto a = NewJob("a", [&](LeasedJob::Pause pause) {
    clock_.Advance(kOptions.lease);
    b->RunIfDue();
    EXPECT_FALSE(pause(absl::ZeroDuration()));
    return std::string("half");
  });
  a->RunIfDue();
  EXPECT_THAT(ran_, ElementsAre("b"));
  EXPECT_EQ(Lease().result, "done by b");
}

TEST_F(LeasedJobTest, J4_TheIntervalIsBetweenTheBeginningsOfRuns) {
  absl::Duration takes = absl::Seconds(20);
  const auto a = NewJob("a", [&](LeasedJob::Pause) {
    clock_.Advance(takes);
    return std::string("done");
  });
  EXPECT_EQ(a->RunIfDue(), absl::Seconds(40));
  clock_.Advance(absl::Seconds(40));
  takes = absl::Seconds(61);
  EXPECT_EQ(a->RunIfDue(), absl::ZeroDuration()) << "one that takes longer is followed at once";
}

TEST_F(LeasedJobTest, AFailureIsToldAndTriedAgainAfterTheInterval) {
  int runs = 0;
  const auto a = NewJob("a", [&](LeasedJob::Pause) -> absl::StatusOr<std::string> {
    ++runs;
    return absl::UnavailableError("away");
  });
  a->RunIfDue();
  EXPECT_THAT(failures_, ElementsAre("away"));
  a->RunIfDue();
  EXPECT_EQ(runs, 1);
  clock_.Advance(kOptions.interval);
  a->RunIfDue();
  EXPECT_EQ(runs, 2);
}

// The lease knows when the job is due; a server that has just started does not.
TEST_F(LeasedJobTest, J4_WhoCouldNotAskNeedNotWaitALongIntervalOut) {
  LeasedJob job({.names = {.job = "job", .holder = "a"},
                 .leases = std::make_unique<support::ScriptedLeases>(
                     std::deque<absl::Status>{absl::DeadlineExceededError("held")}),
                 .run = Noting("a"),
                 .on_failure = [](const absl::Status&) { FAIL(); },
                 .clock = &clock_},
                {.interval = absl::Hours(24), .lease = absl::Seconds(30)});
  EXPECT_EQ(job.RunIfDue(), absl::Minutes(1));
  EXPECT_EQ(job.RunIfDue(), absl::Hours(24));
  EXPECT_THAT(ran_, ElementsAre("a"));
}

TEST_F(LeasedJobTest, I11_NoRunBeginsOrGoesOnWhileItMayNot) {
  bool may = false;
  int steps = 0;
  LeasedJob::Parts parts{.names = {.job = "job", .holder = "a"},
                         .leases = std::make_unique<storage::memory::MemoryJobLeases>(database_),
                         .run =
                             [&](LeasedJob::Pause pause) {
                               do {
                                 may = ++steps < 3;
                               } while (pause(absl::ZeroDuration()));
                               return std::string("part");
                             },
                         .on_failure = [](const absl::Status&) {},
                         .may_run = [&] { return may; },
                         .clock = &clock_};
  LeasedJob job(std::move(parts), kOptions);
  EXPECT_EQ(job.RunIfDue(), kOptions.lease);
  EXPECT_FALSE(storage::memory::MemoryJobLeases(database_).Read("job")->has_value())
      << "and leaves it to others";
  may = true;
  job.RunIfDue();
  EXPECT_EQ(steps, 3);
}

// Nobody takes the lease during a pause, however long it is.
TEST_F(LeasedJobTest, J4_ALongRestKeepsTheLease) {
  constexpr LeasedJob::Options kShort = {absl::Minutes(1), absl::Milliseconds(30)};
  LeasedJob job({.names = {.job = "job", .holder = "a"},
                 .leases = std::make_unique<storage::memory::MemoryJobLeases>(database_),
                 .run =
                     [&](LeasedJob::Pause pause) {
                       EXPECT_TRUE(pause(3 * kShort.lease));
                       return std::string("done");
                     },
                 .on_failure = [](const absl::Status&) {},
                 .may_run =
                     [&] {
                       clock_.Advance(kShort.lease / 3);
                       ran_.emplace_back("renewed");
                       return true;
                     },
                 .clock = &clock_},
                kShort);
  job.RunIfDue();
  EXPECT_EQ(ran_.size(), 1 + 3 * 3);
  EXPECT_EQ(Lease().result, "done");
}

TEST_F(LeasedJobTest, StopEndsARestAndAWait) {
  absl::Notification resting;
  LeasedJob job({.names = {.job = "job", .holder = "a"},
                 .leases = std::make_unique<storage::memory::MemoryJobLeases>(database_),
                 .run =
                     [&](LeasedJob::Pause pause) {
                       resting.Notify();
                       EXPECT_FALSE(pause(absl::InfiniteDuration()));
                       return std::string("stopped");
                     },
                 .on_failure = [](const absl::Status&) {},
                 .clock = &clock_},
                {.interval = absl::ZeroDuration(), .lease = absl::Seconds(30)});
  job.Start();
  resting.WaitForNotification();
  job.Stop();
  EXPECT_EQ(Lease().result, "stopped");

  const auto waiting = NewJob("b", Noting("b"));
  waiting->Start();
  waiting->Stop();
  waiting->Stop();
}

}  // namespace
}  // namespace otpgate::jobs
