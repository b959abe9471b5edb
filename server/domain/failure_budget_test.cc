#include "server/domain/failure_budget.h"

#include <gtest/gtest.h>

#include "tests/support/sample_values.h"
#include "tests/support/subject_world.h"

namespace otpgate {
namespace {

using testing::SubjectWorld;

using ::otpgate::testing::kNow;

struct WaitCase {
  int failures_before;
  absl::Duration wait;
};
class WaitTest : public ::testing::TestWithParam<WaitCase> {};
TEST_P(WaitTest, B5_GrowsFromTwenty) {
  SubjectState state;
  state.failures = GetParam().failures_before;
  CountFailure(OtpPolicy{}, kNow, state);
  EXPECT_EQ(state.failures, GetParam().failures_before + 1);
  EXPECT_EQ(state.blocked_until.value_or(kNow) - kNow, GetParam().wait);
  EXPECT_EQ(GuessesAllowed(state, kNow), GetParam().wait == absl::ZeroDuration());
  EXPECT_TRUE(GuessesAllowed(state, kNow + GetParam().wait));
}
INSTANTIATE_TEST_SUITE_P(
    Counts, WaitTest,
    ::testing::Values(WaitCase{0, absl::ZeroDuration()}, WaitCase{18, absl::ZeroDuration()},
                      WaitCase{19, absl::Seconds(30)}, WaitCase{20, absl::Seconds(60)},
                      WaitCase{25, absl::Seconds(1920)}, WaitCase{26, absl::Hours(1)},
                      WaitCase{98, absl::Hours(1)}));

TEST(FailureBudgetTest, B5_HundredthDisablesUntilSuccessElsewhere) {
  SubjectState state;
  state.user_id = UserId{std::string(24, 'u')};
  state.failures = 99;
  CountFailure(OtpPolicy{}, kNow, state);
  ASSERT_EQ(state.disabled_at, kNow);
  ForgiveWhatIsDue(OtpPolicy{}, kNow + absl::Hours(24 * 365), state);
  EXPECT_FALSE(GuessesAllowed(state, kNow + absl::Hours(24 * 365)));
  state.other_success_at = kNow;  // not after
  ForgiveWhatIsDue(OtpPolicy{}, kNow, state);
  EXPECT_TRUE(state.disabled_at);
  state.other_success_at = kNow + absl::Microseconds(1);
  ForgiveWhatIsDue(OtpPolicy{}, kNow, state);
  EXPECT_TRUE(GuessesAllowed(state, kNow));
  EXPECT_EQ(state.failures, 0);
}

TEST(FailureBudgetTest, B5_SubjectWithoutAccountOpensAfterADayOfRest) {
  SubjectState state;
  state.failures = 99;
  state.updated_at = kNow;
  CountFailure(OtpPolicy{}, kNow, state);
  state.updated_at = kNow + absl::Hours(20);  // requests go on
  ForgiveWhatIsDue(OtpPolicy{}, kNow + absl::Hours(24) - absl::Microseconds(1), state);
  EXPECT_TRUE(state.disabled_at);
  ForgiveWhatIsDue(OtpPolicy{}, kNow + absl::Hours(24), state);
  EXPECT_FALSE(state.disabled_at);
}

// Any order of requests, resends and guesses: never more than 100 evaluated in a row, and success
// alone resets.
TEST(FailureBudgetTest, B5_LoopOfResendAndGuessStopsAtTheCap) {
  OtpPolicy policy;
  policy.limits_enabled = false;
  SubjectWorld world(policy);
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
  EXPECT_EQ(world.effects.messages[0].state, MessageState::kSuppressed);
  EXPECT_EQ(world.Run(world.Verify(id, "111111")).reason, Reason::kOtpInvalid);
}

TEST(FailureBudgetTest, B10_ResendKeepsAttemptsAndFailures) {
  SubjectWorld world;
  const OtpId id = world.Run(world.Request("111111")).otp_id;
  for (int i = 0; i < 4; ++i) world.Run(world.Verify(id, "222222"));
  world.Advance(absl::Seconds(31));
  ASSERT_TRUE(world.Run(world.Resend(id, "333333")).ok());
  const SubjectReply old_code = world.Run(world.Verify(id, "111111"));
  EXPECT_EQ(old_code.reason, Reason::kOtpInvalid);
  EXPECT_EQ(old_code.attempts_remaining, 0);
  EXPECT_EQ(world.Run(world.Verify(id, "333333")).reason, Reason::kOtpInvalid);
  EXPECT_EQ(world.state.failures, 5);
}

TEST(FailureBudgetTest, RightCodeForgetsFailures) {
  SubjectWorld world;
  const OtpId id = world.Run(world.Request("111111")).otp_id;
  world.Run(world.Verify(id, "222222"));
  ASSERT_TRUE(world.Run(world.Verify(id, "111111")).ok());
  EXPECT_EQ(world.state.failures, 0);
}

}  // namespace
}  // namespace otpgate
