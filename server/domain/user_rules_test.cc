#include "server/domain/user_rules.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/sample_values.h"

namespace otpgate::domain {
namespace {

using support::kNow;
const UserId kUser{std::string(24, 'u')};

class UserRulesTest : public ::testing::Test {
 protected:
  Decision<UserReply> Run(const UserCommand& command) {
    effects_ = {};
    return UserRules().Decide(command, support::kNow, state_, effects_);
  }
  Decision<UserReply> EndAll(int version) {
    return Run(EndAllSessions{kUser, version, storage::RevokedReason::kUser, {"app", "", {}}});
  }
  Decision<UserReply> SetDisabled(bool disabled) {
    return Run(SetUserStatus{kUser, disabled, {"app", "", {}}});
  }

  storage::UserState state_{
      storage::Account{kUser, storage::UserType::kLive, false, 3, support::kNow}};
  storage::UserEffects effects_;
};

TEST_F(UserRulesTest, EndingAllSessionsRaisesTheTokenVersionOnce) {
  EXPECT_TRUE(EndAll(3).changed);
  EXPECT_EQ(state_.account.token_version, 4);
  ASSERT_EQ(effects_.audit.size(), 1u);
  EXPECT_EQ(effects_.audit[0].event, "SESSIONS_REVOKED");
  const auto again = EndAll(3);
  EXPECT_FALSE(again.changed);
  EXPECT_TRUE(again.reply.found);
  EXPECT_EQ(state_.account.token_version, 4);
  EXPECT_TRUE(EndAll(-1).changed) << "whatever it has";
  EXPECT_EQ(state_.account.token_version, 5);
}

TEST_F(UserRulesTest, F8_DisablingEndsAllSessionsAndEnablingBringsNoneBack) {
  EXPECT_TRUE(SetDisabled(true).changed);
  EXPECT_TRUE(state_.account.disabled);
  EXPECT_EQ(state_.account.token_version, 4);
  EXPECT_FALSE(SetDisabled(true).changed);
  EXPECT_TRUE(SetDisabled(false).changed);
  EXPECT_FALSE(state_.account.disabled);
  EXPECT_EQ(state_.account.token_version, 4);
}

TEST_F(UserRulesTest, AnUnknownAccountIsToldAndNothingIsMade) {
  state_ = {};
  for (const auto& decision : {EndAll(-1), SetDisabled(true)}) {
    EXPECT_FALSE(decision.changed);
    EXPECT_FALSE(decision.reply.found);
  }
}

TEST_F(UserRulesTest, ALostCommitIsRecalledByWhatItLeft) {
  const EndAllSessions command{kUser, 3, storage::RevokedReason::kUser, {"app", "", {}}};
  EXPECT_FALSE(UserRules().Recall(command, support::kNow, state_));
  Run(command);
  EXPECT_TRUE(UserRules().Recall(command, support::kNow, state_));
}

}  // namespace
}  // namespace otpgate::domain
