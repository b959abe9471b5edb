#include "server/jobs/cleanup_round.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace otpgate::jobs {
namespace {

using ::otpgate::support::StatusIs;
using support::FakeClock;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// Has some removable subjects at each of three positions. Each call takes a second.
class PagedCleaner final : public storage::Cleaner {
 public:
  explicit PagedCleaner(support::FakeClock& clock) : clock_(clock) {}

  absl::StatusOr<storage::CleanupStep> Remove(storage::CleanupKind kind,
                                              const storage::Retention& retention, int64_t cursor,
                                              int limit) override {
    ahead.push_back(retention.latest_now - clock_.Now());
    clock_.Advance(absl::Seconds(1));
    calls.push_back(kind);
    if (!failures.empty()) {
      const absl::Status answer = failures.front();
      failures.erase(failures.begin());
      if (!answer.ok()) return answer;
    }
    if (kind != storage::CleanupKind::kSubjects) return storage::CleanupStep();
    int64_t& rows = pages.at(static_cast<size_t>(cursor));
    storage::CleanupStep step;
    step.removable = std::min<int64_t>(rows, limit);
    step.removed = std::max<int64_t>(step.removable - held, 0);
    rows -= step.removed;
    const bool again = step.removable == limit && step.removed > 0;
    const int64_t next = again ? cursor : cursor + 1;
    if (next < static_cast<int64_t>(pages.size())) step.next = next;
    return step;
  }
  absl::StatusOr<storage::CleanupStep> Count(storage::CleanupKind kind, const storage::Retention&,
                                             int64_t cursor) override {
    if (kind != storage::CleanupKind::kSubjects) return storage::CleanupStep();
    storage::CleanupStep step{.removable = pages.at(static_cast<size_t>(cursor))};
    if (cursor + 1 < static_cast<int64_t>(pages.size())) step.next = cursor + 1;
    return step;
  }

  std::vector<int64_t> pages = {25, 0, 7};
  int64_t held = 0;                    // locked rows per page and call
  std::vector<absl::Status> failures;  // answers to the next calls; OK: no failure
  std::vector<storage::CleanupKind> calls;
  std::vector<absl::Duration> ahead;  // Retention::latest_now of each call, from now on

 private:
  support::FakeClock& clock_;
};

class CleanupRoundTest : public ::testing::Test {
 protected:
  CleanupReport Run(int share = 20, CleanupPosition begin = {}) {
    return Clean(
        cleaner_, {}, {.batch = 10, .share = share, .max_clock_offset = absl::Minutes(3)}, clock_,
        [&](storage::CleanupKind kind, int64_t removed, absl::Duration time) {
          rests_.push_back(time);
          told_[kind] += removed;
          return static_cast<int>(rests_.size()) != stop_after_;
        },
        begin);
  }

  support::FakeClock clock_;
  PagedCleaner cleaner_{clock_};
  std::vector<absl::Duration> rests_;
  std::map<storage::CleanupKind, int64_t> told_;  // removed rows, as told after each statement
  int stop_after_ = 0;
};

TEST_F(CleanupRoundTest, J2_EveryRowRangeOfEveryKindIsVisited) {
  const CleanupReport report = Run();
  EXPECT_EQ(report.removed(), 32);
  EXPECT_EQ(report.held(), 0);
  EXPECT_TRUE(report.complete);
  EXPECT_OK(report.problem);
  EXPECT_THAT(cleaner_.pages, Each(0));
  // The first position takes three calls (10, 10 and 5 rows), the other two take one each.
  EXPECT_THAT(cleaner_.calls, SizeIs(std::size(storage::kCleanupKinds) - 1 + 5));
  EXPECT_EQ(ToJson(report), R"({"removed":{"subjects":32},"held":{},"complete":true})");
}

TEST_F(CleanupRoundTest, J3_ItRestsForItsShareOfTheTime) {
  Run(20);
  EXPECT_THAT(rests_, Each(absl::Seconds(4)));
  rests_.clear();
  Run(100);
  EXPECT_THAT(rests_, Each(absl::ZeroDuration()));
}

TEST_F(CleanupRoundTest, J2_WhatOthersHoldIsTold) {
  cleaner_.pages = {7};
  cleaner_.held = 2;
  const CleanupReport report = Run();
  EXPECT_EQ(report.removed(), 5);
  EXPECT_EQ(report.held(), 2);
  EXPECT_TRUE(report.complete);
}

TEST_F(CleanupRoundTest, I11_EachStatementBoundsTheStoresClockByOurs) {
  Run();
  EXPECT_THAT(cleaner_.ahead, SizeIs(cleaner_.calls.size()));
  EXPECT_THAT(cleaner_.ahead, Each(absl::Minutes(3)));
}

TEST_F(CleanupRoundTest, AStopEndsItBetweenTwoStatements) {
  stop_after_ = 6;  // the second step of subjects
  const CleanupReport report = Run();
  EXPECT_EQ(report.removed(), 20);
  EXPECT_FALSE(report.complete);
  EXPECT_THAT(cleaner_.calls, SizeIs(6));
  EXPECT_EQ(told_[storage::CleanupKind::kSubjects], 20);
}

TEST_F(CleanupRoundTest, WhatWasEndedGoesOnWhereItWasAndAllTheWayRound) {
  stop_after_ = 7;  // all of the first position of subjects
  const CleanupPosition next = Run().next;
  EXPECT_EQ(next, (CleanupPosition{.kind = 4, .cursor = 1}));
  cleaner_.calls.clear();
  cleaner_.pages[0] = 3;  // became removable since
  const CleanupReport report = Run(20, next);
  EXPECT_EQ(report.removed(), 7 + 3);
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.next, CleanupPosition());
  EXPECT_THAT(cleaner_.calls,
              ElementsAre(storage::CleanupKind::kSubjects, storage::CleanupKind::kSubjects,
                          storage::CleanupKind::kSessions, storage::CleanupKind::kLimits,
                          storage::CleanupKind::kAuditEvents, storage::CleanupKind::kSignupOtps,
                          storage::CleanupKind::kOtpSessions, storage::CleanupKind::kRequests,
                          storage::CleanupKind::kOutbox, storage::CleanupKind::kSubjects));
}

TEST_F(CleanupRoundTest, WhatWasEndedWhileAllFailedGoesOnWhereThatBegan) {
  cleaner_.failures.assign(5, absl::OkStatus());
  cleaner_.failures.emplace_back(absl::UnavailableError("away"));
  cleaner_.failures.emplace_back(absl::UnavailableError("away"));
  stop_after_ = 7;
  EXPECT_EQ(Run().next, (CleanupPosition{.kind = 4, .cursor = 0}));
}

// A kind that always fails does not shut out the kinds after it.
TEST_F(CleanupRoundTest, WhatWasEndedAfterAFailureGoesOnWhereItWasEnded) {
  cleaner_.failures.assign(5, absl::OkStatus());
  cleaner_.failures.emplace_back(absl::UnavailableError("a bad page"));
  stop_after_ = 8;
  EXPECT_EQ(Run().next, (CleanupPosition{.kind = 6, .cursor = 0}));
}

TEST_F(CleanupRoundTest, OneThatWentRoundIsFollowedFromItsFirstFailureOn) {
  cleaner_.failures.assign(3, absl::OkStatus());
  cleaner_.failures.emplace_back(absl::UnavailableError("away"));
  cleaner_.failures.emplace_back(absl::OkStatus());
  cleaner_.failures.emplace_back(absl::UnavailableError("away"));
  const CleanupReport report = Run();
  EXPECT_EQ(report.next, (CleanupPosition{.kind = 3, .cursor = 0}));
  EXPECT_FALSE(report.complete);
}

TEST_F(CleanupRoundTest, AKindThatFailsDoesNotStopTheOthers) {
  cleaner_.failures = {absl::UnavailableError("away")};
  const CleanupReport report = Run();
  EXPECT_THAT(report.problem, support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.removed(), 32);
}

TEST_F(CleanupRoundTest, AConflictIsTriedAgainAFewTimes) {
  cleaner_.failures = {absl::AbortedError("1"), absl::DeadlineExceededError("2")};
  EXPECT_OK(Run().problem);
  cleaner_.failures.assign(100, absl::AbortedError("always"));
  EXPECT_THAT(Run().problem, support::StatusIs(absl::StatusCode::kAborted));
  rests_.clear();
  cleaner_.calls.clear();
  stop_after_ = 2;
  EXPECT_FALSE(Run().complete);
  EXPECT_THAT(cleaner_.calls, SizeIs(2)) << "and asks before each try";
}

TEST_F(CleanupRoundTest, CountingRemovesNothing) {
  const auto counts = CountRemovable(cleaner_, {});
  ASSERT_OK(counts);
  EXPECT_EQ(counts->at(storage::CleanupKind::kSubjects), 32);
  EXPECT_EQ(counts->at(storage::CleanupKind::kLimits), 0);
  EXPECT_THAT(cleaner_.pages, ElementsAre(25, 0, 7));
}

}  // namespace
}  // namespace otpgate::jobs
