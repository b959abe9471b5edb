#include "server/domain/failure_budget.h"

#include <gtest/gtest.h>

#include "tests/support/sample_values.h"
#include "tests/support/subject_world.h"

namespace otpgate::domain {
namespace {

using support::SubjectWorld;

using support::kNow;

struct WaitCase {
  int failures_before;
  absl::Duration wait;
};
class WaitTest : public ::testing::TestWithParam<WaitCase> {};
TEST_P(WaitTest, B5_GrowsFromTwenty) {
  storage::SubjectState state;
  state.failures = GetParam().failures_before;
  CountFailure(OtpPolicy{}, support::kNow, state);
  EXPECT_EQ(state.failures, GetParam().failures_before + 1);
  EXPECT_EQ(state.blocked_until.value_or(support::kNow) - support::kNow, GetParam().wait);
  EXPECT_EQ(GuessesAllowed(state, support::kNow), GetParam().wait == absl::ZeroDuration());
  EXPECT_TRUE(GuessesAllowed(state, support::kNow + GetParam().wait));
}
INSTANTIATE_TEST_SUITE_P(
    Counts, WaitTest,
    ::testing::Values(WaitCase{0, absl::ZeroDuration()}, WaitCase{18, absl::ZeroDuration()},
                      WaitCase{19, absl::Seconds(30)}, WaitCase{20, absl::Seconds(60)},
                      WaitCase{25, absl::Seconds(1920)}, WaitCase{26, absl::Hours(1)},
                      WaitCase{98, absl::Hours(1)}));

TEST(FailureBudgetTest, B5_HundredthDisablesUntilSuccessElsewhere) {
  storage::SubjectState state;
  state.user_id = UserId{std::string(24, 'u')};
  state.failures = 99;
  CountFailure(OtpPolicy{}, support::kNow, state);
  ASSERT_EQ(state.disabled_at, support::kNow);
  ResetFailuresIfDue(OtpPolicy{}, support::kNow + absl::Hours(24 * 365), state);
  EXPECT_FALSE(GuessesAllowed(state, support::kNow + absl::Hours(24 * 365)));
  state.other_success_at = support::kNow;  // not after
  ResetFailuresIfDue(OtpPolicy{}, support::kNow, state);
  EXPECT_TRUE(state.disabled_at);
  state.other_success_at = support::kNow + absl::Microseconds(1);
  ResetFailuresIfDue(OtpPolicy{}, support::kNow, state);
  EXPECT_TRUE(GuessesAllowed(state, support::kNow));
  EXPECT_EQ(state.failures, 0);
}

TEST(FailureBudgetTest, B5_SubjectWithoutAccountOpensAfterADayOfRest) {
  storage::SubjectState state;
  state.failures = 99;
  state.updated_at = support::kNow;
  CountFailure(OtpPolicy{}, support::kNow, state);
  state.updated_at = support::kNow + absl::Hours(20);  // requests go on
  ResetFailuresIfDue(OtpPolicy{}, support::kNow + absl::Hours(24) - absl::Microseconds(1), state);
  EXPECT_TRUE(state.disabled_at);
  ResetFailuresIfDue(OtpPolicy{}, support::kNow + absl::Hours(24), state);
  EXPECT_FALSE(state.disabled_at);
}

// In any order of requests, resends and guesses, at most 100 wrong ones in a row are evaluated, and
// only a success resets them.
TEST(FailureBudgetTest, B5_LoopOfResendAndGuessStopsAtTheCap) {
  OtpPolicy policy;
  policy.limits_enabled = false;
  support::SubjectWorld world(policy);
  world.HaveAccount();
  int evaluated = 0;
  for (int i = 0; i < 2000; ++i) {
    const OtpId id = world.Run(world.Request("111111")).otp_id;
    for (int k = 0; k < 6; ++k) {
      world.Run(world.Verify(id, "222222"));
      evaluated += world.changed ? 1 : 0;
      if (k == 2) world.Run(world.Resend(id, "333333"));
    }
    world.Advance(absl::Hours(2));
  }
  EXPECT_EQ(evaluated, 100);
  EXPECT_TRUE(world.state.disabled_at);
  const OtpId id = world.Run(world.Request("111111")).otp_id;
  EXPECT_EQ(world.effects.messages[0].state, storage::MessageState::kSuppressed);
  EXPECT_EQ(world.Run(world.Verify(id, "111111")).reason, errors::Reason::kOtpInvalid);
}

TEST(FailureBudgetTest, B10_ResendKeepsAttemptsAndFailures) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request("111111")).otp_id;
  for (int i = 0; i < 4; ++i) world.Run(world.Verify(id, "222222"));
  world.Advance(absl::Seconds(31));
  ASSERT_TRUE(world.Run(world.Resend(id, "333333")).ok());
  const SubjectReply old_code = world.Run(world.Verify(id, "111111"));
  EXPECT_EQ(old_code.reason, errors::Reason::kOtpInvalid);
  EXPECT_EQ(old_code.attempts_remaining, 0);
  EXPECT_EQ(world.Run(world.Verify(id, "333333")).reason, errors::Reason::kOtpInvalid);
  EXPECT_EQ(world.state.failures, 5);
}

TEST(FailureBudgetTest, RightCodeForgetsFailures) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request("111111")).otp_id;
  world.Run(world.Verify(id, "222222"));
  ASSERT_TRUE(world.Run(world.Verify(id, "111111")).ok());
  EXPECT_EQ(world.state.failures, 0);
}

}  // namespace
}  // namespace otpgate::domain
