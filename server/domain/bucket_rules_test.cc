#include "server/domain/bucket_rules.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/sample_values.h"

namespace otpgate::domain {
namespace {

const BucketLimit kLimit{.interval = absl::Seconds(6), .burst = 5};
using support::kNow;

bool TakeAt(absl::Time now, storage::BucketState& state) {
  storage::BucketEffects effects;
  return BucketRules().Decide({"ip:1", kLimit}, now, state, effects).reply.admitted;
}

TEST(BucketRulesTest, BurstThenOnePerInterval) {
  storage::BucketState state;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(TakeAt(support::kNow, state));
  EXPECT_FALSE(TakeAt(support::kNow + absl::Seconds(6) - absl::Microseconds(1), state));
  EXPECT_TRUE(TakeAt(support::kNow + absl::Seconds(6), state));
  EXPECT_FALSE(TakeAt(support::kNow + absl::Seconds(6), state));
}

TEST(BucketRulesTest, RefusalLeavesNoTraceAndTellsWhenToComeBack) {
  storage::BucketState state;
  for (int i = 0; i < 5; ++i) TakeAt(support::kNow, state);
  const storage::BucketState before = state;
  storage::BucketEffects effects;
  const auto decision = BucketRules().Decide({"ip:1", kLimit}, support::kNow, state, effects);
  EXPECT_FALSE(decision.reply.admitted);
  EXPECT_FALSE(decision.changed);
  EXPECT_EQ(state, before);
  EXPECT_TRUE(TakeAt(support::kNow + decision.reply.retry_after, state));
}

TEST(BucketRulesTest, D3_NeverMoreThanBurstPlusRateInAnyWindow) {
  std::mt19937_64 random(7);
  storage::BucketState state;
  std::vector<absl::Time> admitted;
  absl::Time now = support::kNow;
  for (int i = 0; i < 20'000; ++i) {
    now += absl::Milliseconds(static_cast<int64_t>(random() % 2000));
    if (TakeAt(now, state)) admitted.push_back(now);
  }
  for (size_t i = 0; i + 1 < admitted.size(); ++i) {
    const size_t last = std::min(admitted.size() - 1, i + 20);
    const double window = absl::ToDoubleSeconds(admitted[last] - admitted[i]);
    EXPECT_LE(static_cast<double>(last - i + 1), 5 + window / 6 + 1e-9);
  }
  EXPECT_GT(admitted.size(), 1000u);
}

}  // namespace
}  // namespace otpgate::domain
