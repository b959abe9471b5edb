#include "server/domain/admin_rules.h"

#include <gtest/gtest.h>

#include "tests/support/sample_values.h"

namespace otpgate::domain {
namespace {

using support::kNow;
const storage::SubjectKey kSubject{"test@example.com", storage::UserType::kLive};

TEST(AdminRulesTest, UnlockingForgetsFailuresAndIsAudited) {
  storage::SubjectState state;
  state.failures = 100;
  state.disabled_at = state.blocked_until = support::kNow;
  storage::SubjectEffects effects;
  const UnlockSubject command{kSubject,
                              {.caller = "admin", .ip = {}, .request = {}, .audit_id = {}}};
  EXPECT_TRUE(DecideUnlock(command, support::kNow, state, effects).changed);
  EXPECT_EQ(state.failures, 0);
  EXPECT_FALSE(state.disabled_at || state.blocked_until);
  ASSERT_EQ(effects.audit.size(), 1u);
  EXPECT_EQ(effects.audit[0].event, "SUBJECT_UNLOCKED");
  EXPECT_EQ(effects.audit[0].detail, "failures=100");
  EXPECT_FALSE(DecideUnlock(command, support::kNow, state, effects).changed)
      << "nothing left to do";
  EXPECT_EQ(effects.audit.size(), 1u);
}

TEST(AdminRulesTest, VoidingEndsPendingCodesOnly) {
  storage::SubjectState state;
  for (const storage::Purpose purpose : storage::kPurposes) {
    storage::Code code;
    code.purpose = purpose;
    code.created_at = support::kNow - absl::Minutes(1);
    code.expires_at = support::kNow + absl::Minutes(1);
    state.codes.push_back(code);
  }
  state.codes[1].verified_at = support::kNow;
  storage::SubjectEffects effects;
  const VoidCodes command{kSubject, {.caller = "admin", .ip = {}, .request = {}, .audit_id = {}}};
  const auto decision = DecideVoidCodes(OtpPolicy(), command, support::kNow, state, effects);
  EXPECT_TRUE(decision.changed);
  EXPECT_EQ(decision.reply.event, Event::kOtpDeleted);
  EXPECT_EQ(effects.audit.at(0).detail, "codes=3");
  EXPECT_EQ(state.codes[0].expires_at, support::kNow);
  EXPECT_EQ(state.codes[1].expires_at, support::kNow + absl::Minutes(1));
  EXPECT_FALSE(DecideVoidCodes(OtpPolicy(), command, support::kNow, state, effects).changed);
}

TEST(AdminRulesTest, VoidingSparesWhatWasAskedForSince) {
  storage::SubjectState state;
  storage::Code code;
  code.created_at = support::kNow - absl::Minutes(1);
  code.expires_at = support::kNow + absl::Minutes(1);
  state.codes.push_back(code);
  storage::SubjectEffects effects;
  VoidCodes command{kSubject, {.caller = "admin", .ip = {}, .request = {}, .audit_id = {}}};
  command.before = code.created_at;
  EXPECT_FALSE(DecideVoidCodes(OtpPolicy(), command, support::kNow, state, effects).changed);
  command.before += absl::Microseconds(1);
  EXPECT_TRUE(DecideVoidCodes(OtpPolicy(), command, support::kNow, state, effects).changed);
  EXPECT_EQ(state.codes[0].expires_at, support::kNow);
}

}  // namespace
}  // namespace otpgate::domain
