// Tests the statistics over outcomes.
#include "tests/bench/stress/outcomes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/bench/memory_use.h"
#include "tests/bench/stress/paired_rounds.h"
#include "tests/bench/stress/table_health.h"
#include "tests/support/status_matchers.h"

namespace otpgate::bench {
namespace {

using ::otpgate::support::StatusIs;
using ::testing::ElementsAre;

constexpr absl::Duration kMs = absl::Milliseconds(1);
constexpr absl::Duration kWindow = absl::Milliseconds(10);

Outcome At(int due_ms, int late_ms, int took_ms, absl::StatusCode code = absl::StatusCode::kOk) {
  return {.due = due_ms * kMs,
          .begun = (due_ms + late_ms) * kMs,
          .ended = (due_ms + late_ms + took_ms) * kMs,
          .code = code};
}

TEST(Outcomes, AreThoseDueInTheTime) {
  const auto some =
      DueIn({At(9, 5, 1), At(10, 0, 1), At(19, 9, 1), At(20, 0, 1)}, 10 * kMs, 20 * kMs);
  ASSERT_EQ(some.size(), 2U);
  EXPECT_EQ(some[0].due, 10 * kMs);
  EXPECT_EQ(some[1].due, 19 * kMs);
}

TEST(Outcomes, AreTallied) {
  Outcome hinted = At(1, 0, 1, absl::StatusCode::kResourceExhausted);
  hinted.hint = true;
  Outcome no_refusal = At(1, 0, 1, absl::StatusCode::kUnavailable);
  no_refusal.hint = true;
  const Tally tally = TallyOf({At(1, 0, 1), hinted, no_refusal,
                               At(1, 0, 1, absl::StatusCode::kResourceExhausted), At(1, 0, 1)});
  EXPECT_EQ(tally.answered, 2);
  EXPECT_EQ(tally.refused, 2);
  EXPECT_EQ(tally.hinted, 1);
  EXPECT_EQ(tally.failed, 1);
}

TEST(Outcomes, TellTheLoadFromTheServer) {
  const std::vector<Outcome> all = {At(0, 7, 2), At(1, 0, 5),
                                    At(1, 0, 9, absl::StatusCode::kResourceExhausted)};
  EXPECT_THAT(LatenciesOf(all, absl::StatusCode::kOk), ElementsAre(5 * kMs, 9 * kMs));
  EXPECT_THAT(ServedIn(all, absl::StatusCode::kOk), ElementsAre(2 * kMs, 5 * kMs));
  EXPECT_THAT(LatenessOf(all), ElementsAre(0 * kMs, 0 * kMs, 7 * kMs));
  EXPECT_EQ(PercentileMs(ServedIn(all, absl::StatusCode::kResourceExhausted), 99), 9);
  EXPECT_EQ(PercentileMs({}, 99), 0);
}

TEST(Windows, AreInfiniteWhereSomebodyIsRefusedOrNobodyComes) {
  const std::vector<Outcome> all = {
      At(1, 0, 1),  At(9, 0, 3), At(11, 0, 2), At(12, 0, 1, absl::StatusCode::kResourceExhausted),
      At(31, 0, 4), At(41, 0, 5)};
  EXPECT_THAT(WindowsP99(all, 0 * kMs, 45 * kMs, kWindow),
              ElementsAre(3 * kMs, absl::InfiniteDuration(), absl::InfiniteDuration(), 4 * kMs));
}

TEST(BackAfter, IsTheBeginningOfTwoCalmWindows) {
  const absl::Duration slow = 50 * kMs;
  EXPECT_EQ(BackAfter({kMs, kMs}, kWindow, kMs), absl::ZeroDuration());
  EXPECT_EQ(BackAfter({slow, kMs, slow, kMs, kMs, slow}, kWindow, kMs), 3 * kWindow);
  EXPECT_EQ(BackAfter({slow, kMs, slow, kMs}, kWindow, kMs), std::nullopt);
  EXPECT_EQ(BackAfter({kMs}, kWindow, kMs), std::nullopt);
  EXPECT_EQ(BackAfter({}, kWindow, kMs), std::nullopt);
}

TEST(PairedRounds, TakeTurnsAndCompareMedians) {
  std::vector<bool> turns;
  const auto paired = RunPaired(3, [&](bool with) -> absl::StatusOr<LoadResult> {
    turns.push_back(with);
    return LoadResult{.elapsed = kMs, .latencies = {static_cast<int64_t>(turns.size()) * kMs}};
  });
  ASSERT_OK(paired);
  EXPECT_THAT(turns, ElementsAre(false, true, true, false, false, true));
  EXPECT_THAT(paired->p99_without_ms, ElementsAre(1, 4, 5));
  EXPECT_THAT(paired->p50_with_ms, ElementsAre(2, 3, 6));
  EXPECT_EQ(paired->p99_ratio(), 3 / 4.0);
  EXPECT_EQ(PairedRounds().p99_ratio(), 0);
}

TEST(PairedRounds, EndWithTheFirstError) {
  int calls = 0;
  const auto paired = RunPaired(3, [&](bool) -> absl::StatusOr<LoadResult> {
    return ++calls == 2 ? absl::StatusOr<LoadResult>(absl::AbortedError("no"))
                        : LoadResult{{}, {kMs}};
  });
  EXPECT_THAT(paired.status(), support::StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(calls, 2);
}

TEST(TableHealth, I12_HotRatioOfAllTablesButOneCountsEveryUpdateOnce) {
  std::vector<TableHealth> tables(3);
  tables[0].table = "many";
  tables[0].updates = 90;
  tables[0].hot_updates = 90;
  tables[1].table = "few";
  tables[1].updates = 10;
  tables[2].table = "outbox";
  tables[2].updates = 1000;
  EXPECT_EQ(HotRatioBut(tables, "outbox"), 0.9);
  EXPECT_EQ(HotRatioBut({}, "outbox"), std::nullopt);
}

TEST(TableHealth, HasNoRatiosOfNothing) {
  EXPECT_EQ(TableHealth().hot_ratio(), std::nullopt);
  EXPECT_EQ(TableHealth().bloat(), 1);
  constexpr int64_t kPage = 8192;
  TableHealth used;
  used.updates = 4;
  used.hot_updates = 3;
  used.bytes = 3 * kPage;
  used.needed_bytes = 2 * kPage;
  EXPECT_EQ(used.hot_ratio(), 0.75);
  EXPECT_EQ(used.bloat(), 1.5);
}

TEST(MemoryUse, IsOfAProcess) {
  const auto use = MemoryUseOf(getpid());
  ASSERT_OK(use);
  EXPECT_GT(use->now, 1);
  EXPECT_GE(use->most, use->now);
  EXPECT_THAT(MemoryUseOf(-5).status(), support::StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace otpgate::bench
