#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "storage/cleanup.h"
#include "tests/simulation/run.h"
#include "tests/simulation/trace.h"
#include "tests/support/summary.h"
#include "tests/support/trials.h"

namespace otpgate::simulation {
namespace {

constexpr uint64_t kSeedsPerBug = 40;

TEST(Simulation, P3_TheSameSeedIsTheSameRun) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const RunResult first = Simulate(seed, Bug::kNone);
    EXPECT_EQ(Simulate(seed, Bug::kNone).hash, first.hash) << "seed " << seed;
    EXPECT_NE(Simulate(seed + 1, Bug::kNone).hash, first.hash) << "seed " << seed;
  }
}

TEST(Simulation, P3_NoPromiseIsBroken) {
  const int64_t runs = support::Trials(600);
  ASSERT_GE(runs, static_cast<int64_t>(kSeedsPerBug));
  Counts counts;
  for (int64_t i = 0; i < runs; ++i) {
    // Begins with the seeds of PlantedBug: without a bug they must find nothing.
    const RunResult result = Simulate(1 + static_cast<uint64_t>(i), Bug::kNone);
    counts.Add(result.counts);
    ASSERT_FALSE(result.violation) << result.report;
  }
  support::AppendSummary(absl::StrCat("simulation: ", counts.ToText()));
  // A simulation in which nothing happens proves nothing.
  EXPECT_GT(counts.logins, runs * 5);
  EXPECT_GT(counts.verifications, runs);
  EXPECT_GT(counts.wrong_guesses, runs * 5);
  EXPECT_GT(counts.refreshes, runs * 5);
  EXPECT_GT(counts.repeats, runs);
  EXPECT_GT(counts.reuses, 0);
  EXPECT_GT(counts.crashes, runs);
  EXPECT_GT(counts.in_flight, runs);
  EXPECT_GT(counts.lost_replies, runs);
  EXPECT_GT(counts.clock_steps, runs);
  for (const storage::CleanupKind kind :
       {storage::CleanupKind::kSignupOtps, storage::CleanupKind::kOtpSessions,
        storage::CleanupKind::kRequests, storage::CleanupKind::kSubjects,
        storage::CleanupKind::kSessions, storage::CleanupKind::kLimits}) {
    EXPECT_GT(counts.removed_of(kind), 0) << NameOf(kind);
  }
}

class PlantedBug : public ::testing::TestWithParam<int> {
 protected:
  static void TearDownTestSuite() {
    support::AppendSummary(absl::StrCat("simulation: ", found_, " planted bugs found, each within ",
                                        kSeedsPerBug, " runs"));
  }
  static int found_;
};
int PlantedBug::found_ = 0;

TEST_P(PlantedBug, P3_IsFound) {
  const Bug bug = static_cast<Bug>(GetParam());
  int64_t steps = 0;
  for (uint64_t seed = 1; seed <= kSeedsPerBug; ++seed) {
    const RunResult result = Simulate(seed, bug);
    steps += result.counts.steps;
    if (!result.violation) continue;
    ++found_;
    std::printf("%s: seed %d, %d steps: %s\n", std::string(NameOf(bug)).c_str(),
                static_cast<int>(seed), static_cast<int>(steps), result.violation->c_str());
    return;
  }
  FAIL() << NameOf(bug) << " was not found in " << steps << " steps";
}

INSTANTIATE_TEST_SUITE_P(All, PlantedBug, ::testing::Range(1, static_cast<int>(Bug::kLast) + 1),
                         [](const auto& bug) {
                           return std::string(NameOf(static_cast<Bug>(bug.param)));
                         });

TEST(Simulation, P3_AFailingSeedTellsItsLastStepsAndHowToReplayIt) {
  // Long enough to have more steps than the report shows.
  const auto is_long = [](const RunResult& run) {
    return run.violation && run.counts.steps > 4 * static_cast<int64_t>(Trace::kKept);
  };
  uint64_t seed = 1;
  while (!is_long(Simulate(seed, Bug::kGuardDropped))) ASSERT_LE(++seed, kSeedsPerBug);
  const RunResult once = Simulate(seed, Bug::kGuardDropped);
  const RunResult again = Simulate(seed, Bug::kGuardDropped);
  EXPECT_EQ(once.report, again.report);
  EXPECT_EQ(once.hash, again.hash);
  const std::vector<std::string> lines = absl::StrSplit(once.report, '\n', absl::SkipEmpty());
  EXPECT_EQ(lines.size(), Trace::kKept + 2);
  EXPECT_TRUE(absl::StrContains(lines.back(), "--seed ")) << once.report;
  EXPECT_TRUE(absl::StrContains(lines.back(), "--bug guard_dropped")) << once.report;
}

}  // namespace
}  // namespace otpgate::simulation
