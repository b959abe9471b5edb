#include "server/domain/admin_rules.h"

#include <gtest/gtest.h>

#include "tests/support/sample_values.h"

namespace otpgate {
namespace {

using ::otpgate::testing::kNow;
const SubjectKey kSubject{"test@example.com", UserType::kLive};

TEST(AdminRulesTest, UnlockingForgetsFailuresAndIsAudited) {
  SubjectState state;
  state.failures = 100;
  state.disabled_at = state.blocked_until = kNow;
  SubjectEffects effects;
  const UnlockSubject command{kSubject,
                              {.caller = "admin", .ip = {}, .request = {}, .audit_id = {}}};
  EXPECT_TRUE(DecideUnlock(command, kNow, state, effects).changed);
  EXPECT_EQ(state.failures, 0);
  EXPECT_FALSE(state.disabled_at || state.blocked_until);
  ASSERT_EQ(effects.audit.size(), 1u);
  EXPECT_EQ(effects.audit[0].event, "SUBJECT_UNLOCKED");
  EXPECT_EQ(effects.audit[0].detail, "failures=100");
  EXPECT_FALSE(DecideUnlock(command, kNow, state, effects).changed) << "nothing left to do";
  EXPECT_EQ(effects.audit.size(), 1u);
}

TEST(AdminRulesTest, VoidingEndsPendingCodesOnly) {
  SubjectState state;
  for (const Purpose purpose : {Purpose::kLogin, Purpose::kVerifyPhone, Purpose::kVerifyEmail}) {
    Code code;
    code.purpose = purpose;
    code.created_at = kNow - absl::Minutes(1);
    code.expires_at = kNow + absl::Minutes(1);
    state.codes.push_back(code);
  }
  state.codes[1].verified_at = kNow;
  SubjectEffects effects;
  const VoidCodes command{kSubject, {.caller = "admin", .ip = {}, .request = {}, .audit_id = {}}};
  const auto decision = DecideVoidCodes(OtpPolicy(), command, kNow, state, effects);
  EXPECT_TRUE(decision.changed);
  EXPECT_EQ(decision.reply.event, "OTP_DELETED");
  EXPECT_EQ(effects.audit.at(0).detail, "codes=2");
  EXPECT_EQ(state.codes[0].expires_at, kNow);
  EXPECT_EQ(state.codes[1].expires_at, kNow + absl::Minutes(1));
  EXPECT_FALSE(DecideVoidCodes(OtpPolicy(), command, kNow, state, effects).changed);
}

TEST(AdminRulesTest, VoidingSparesWhatWasAskedForSince) {
  SubjectState state;
  Code code;
  code.created_at = kNow - absl::Minutes(1);
  code.expires_at = kNow + absl::Minutes(1);
  state.codes.push_back(code);
  SubjectEffects effects;
  VoidCodes command{kSubject, {.caller = "admin", .ip = {}, .request = {}, .audit_id = {}}};
  command.before = code.created_at;
  EXPECT_FALSE(DecideVoidCodes(OtpPolicy(), command, kNow, state, effects).changed);
  command.before += absl::Microseconds(1);
  EXPECT_TRUE(DecideVoidCodes(OtpPolicy(), command, kNow, state, effects).changed);
  EXPECT_EQ(state.codes[0].expires_at, kNow);
}

}  // namespace
}  // namespace otpgate
