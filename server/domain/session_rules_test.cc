#include "server/domain/session_rules.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace otpgate::domain {
namespace {

const absl::Time kCreated = absl::FromUnixSeconds(1'800'000'000);
const storage::AccountKey kSession{UserId{std::string(24, 'u')}, SessionId{std::string(24, 's')}};
const std::string kId1(16, '1');
const std::string kId2(16, '2');

// One session and a clock.
class SessionRulesTest : public ::testing::Test {
 protected:
  SessionRulesTest() {
    state_.key_id = "r1";
    state_.token_version = 3;
    state_.created_at = kCreated;
    state_.idle_expires_at = kCreated + policy_.idle;
    state_.absolute_expires_at = kCreated + absl::Hours(24 * 30);
    state_.caller = "app";
    state_.amr = "sms";
    state_.account =
        storage::Account{kSession.user_id, storage::UserType::kLive, false, 3, kCreated};
  }

  Decision<SessionReply> Run(const SessionCommand& command) {
    effects_ = {};
    return SessionRules(policy_).Decide(command, now_, state_, effects_);
  }
  Decision<SessionReply> Refresh(int64_t generation, const std::string& request_id = {}) {
    return Run(RotateSession{kSession, generation, request_id, "r2", {"app", "", {}}});
  }
  Decision<SessionReply> End(storage::RevokedReason reason = storage::RevokedReason::kLogout) {
    return Run(EndSession{kSession, reason, {"app", "", {}}});
  }
  void Advance(absl::Duration by) { now_ += by; }

  SessionPolicy policy_;
  absl::Time now_ = kCreated + absl::Minutes(1);
  storage::SessionState state_;
  storage::SessionEffects effects_;
};

TEST_F(SessionRulesTest, TheCurrentTokenRotates) {
  const auto decision = Refresh(0, kId1);
  EXPECT_TRUE(decision.reply.ok());
  EXPECT_TRUE(decision.changed);
  EXPECT_EQ(state_.generation, 1);
  EXPECT_EQ(state_.key_id, "r2");
  EXPECT_EQ(state_.rotated_at, now_);
  EXPECT_EQ(decision.reply.session, state_);
  EXPECT_TRUE(effects_.audit.empty());
  EXPECT_EQ(state_.rotated_by, kId1);
  Refresh(1);
  EXPECT_EQ(state_.rotated_by, std::string(16, '\0') + kId1);
  for (int generation = 2; generation < 10; ++generation) Refresh(generation);
  EXPECT_EQ(state_.rotated_by.size(), 64u);
}

TEST_F(SessionRulesTest, F7_RotationMovesTheIdleEndAndNeverTheAbsoluteOne) {
  const absl::Time absolute = state_.absolute_expires_at;
  Advance(absl::Hours(24 * 13));
  EXPECT_EQ(Refresh(0).valid_until, kCreated + policy_.idle);
  EXPECT_EQ(state_.idle_expires_at, now_ + policy_.idle);
  Advance(absl::Hours(24 * 13));
  EXPECT_EQ(Refresh(1).valid_until, now_ + absl::Hours(24));
  EXPECT_EQ(state_.idle_expires_at, absolute);
  EXPECT_EQ(state_.absolute_expires_at, absolute);
  now_ = absolute;
  EXPECT_EQ(Refresh(2).reply.reason, errors::Reason::kTokenInvalid);
  now_ = absolute - absl::Microseconds(1);
  EXPECT_TRUE(Refresh(2).reply.ok());
}

TEST_F(SessionRulesTest, F2_F4_TheTokenBeforeGetsTheSameSuccessorWithinGrace) {
  ASSERT_TRUE(Refresh(0).reply.ok());
  const storage::SessionState after = state_;
  Advance(policy_.grace - absl::Microseconds(1));
  for (const std::string& id : {std::string(), kId1, kId2}) {
    const auto again = Refresh(0, id);
    EXPECT_TRUE(again.reply.ok());
    EXPECT_TRUE(again.reply.replayed);
    EXPECT_FALSE(again.changed);
    EXPECT_EQ(again.reply.session, after);
    EXPECT_EQ(state_, after);
  }
}

TEST_F(SessionRulesTest, F4_AfterGraceOnlyTheSameRequestGetsTheSuccessor) {
  ASSERT_TRUE(Refresh(0, kId1).reply.ok());
  Advance(absl::Hours(24 * 10));
  EXPECT_TRUE(Refresh(0, kId1).reply.ok());
  EXPECT_EQ(state_.generation, 1);
  EXPECT_FALSE(state_.revoked_at);
}

// A call can be overtaken by its retry and the next refresh. Only its sender knows its request_id.
TEST_F(SessionRulesTest, F4_ALateDuplicateIsRefusedAndNoTheft) {
  ASSERT_TRUE(Refresh(0, kId1).reply.ok());
  ASSERT_TRUE(Refresh(1, kId2).reply.ok());
  const auto late = Refresh(0, kId1);
  EXPECT_EQ(late.reply.reason, errors::Reason::kRequestSuperseded);
  EXPECT_FALSE(late.changed);
  EXPECT_FALSE(state_.revoked_at);
  EXPECT_EQ(Refresh(0, kId2).reply.reason, errors::Reason::kTokenInvalid)
      << "the id of another call";
  EXPECT_EQ(state_.revoked_reason, storage::RevokedReason::kReuse);
}

TEST_F(SessionRulesTest, F3_AnOldTokenWithoutItsIdIsTheft) {
  ASSERT_TRUE(Refresh(0).reply.ok());
  ASSERT_TRUE(Refresh(1).reply.ok());
  EXPECT_EQ(Refresh(0).reply.reason, errors::Reason::kTokenInvalid);
  EXPECT_EQ(state_.revoked_reason, storage::RevokedReason::kReuse);
}

TEST_F(SessionRulesTest, F3_TheTokenBeforeEndsTheFamilyAfterGrace) {
  ASSERT_TRUE(Refresh(0, kId1).reply.ok());
  Advance(policy_.grace);
  const auto reuse = Refresh(0, kId2);
  EXPECT_EQ(reuse.reply.reason, errors::Reason::kTokenInvalid);
  EXPECT_EQ(reuse.reply.event, Event::kTokenReuse);
  EXPECT_TRUE(reuse.changed);
  EXPECT_EQ(reuse.valid_until, absl::InfiniteFuture());
  EXPECT_EQ(state_.revoked_at, now_);
  ASSERT_EQ(effects_.audit.size(), 1u);
  EXPECT_EQ(effects_.audit[0].event, "TOKEN_REUSE");
  EXPECT_EQ(effects_.audit[0].session_id, kSession.session_id);
  EXPECT_EQ(Refresh(1, kId1).reply.reason, errors::Reason::kTokenInvalid)
      << "the current one is dead too";
  EXPECT_TRUE(effects_.audit.empty()) << "once";
}

TEST_F(SessionRulesTest, ATokenFromTheFutureIsRefusedAndTold) {
  const auto decision = Refresh(1);
  EXPECT_EQ(decision.reply.reason, errors::Reason::kTokenInvalid);
  EXPECT_EQ(decision.reply.event, Event::kTokenFromFuture);
  EXPECT_FALSE(decision.changed);
}

TEST_F(SessionRulesTest, TheOutcomeTellsWhatBecameOfTheToken) {
  EXPECT_EQ(OutcomeOf(Refresh(1).reply), RefreshOutcome::kFromFuture);
  EXPECT_EQ(OutcomeOf(Refresh(0, kId1).reply), RefreshOutcome::kRotated);
  EXPECT_EQ(OutcomeOf(Refresh(0, kId1).reply), RefreshOutcome::kRepeated);
  EXPECT_EQ(OutcomeOf(Refresh(1, kId1).reply), RefreshOutcome::kRefused) << "id of another token";
  EXPECT_EQ(OutcomeOf(Refresh(1, kId2).reply), RefreshOutcome::kRotated);
  EXPECT_EQ(OutcomeOf(Refresh(0, kId1).reply), RefreshOutcome::kSuperseded);
  EXPECT_EQ(OutcomeOf(Refresh(0, kId2).reply), RefreshOutcome::kReuse);
  EXPECT_EQ(OutcomeOf(Refresh(2).reply), RefreshOutcome::kRefused) << "the session is over";
}

TEST_F(SessionRulesTest, G2_ARequestIdIsNotEvaluatedForAnotherToken) {
  ASSERT_TRUE(Refresh(0, kId1).reply.ok());
  EXPECT_EQ(Refresh(1, kId1).reply.reason, errors::Reason::kRequestIdReused);
  ASSERT_TRUE(Refresh(1, kId2).reply.ok());
  const auto decision = Refresh(2, kId1);
  EXPECT_EQ(decision.reply.reason, errors::Reason::kRequestIdReused);
  EXPECT_FALSE(decision.changed);
  EXPECT_EQ(state_.generation, 2);
}

TEST_F(SessionRulesTest, B9_G4_OnlyTheCallerItWasIssuedToMayRefresh) {
  ASSERT_TRUE(Refresh(0, kId1).reply.ok());
  // Generation 0 is within its grace period, and its request_id is known.
  for (const int generation : {0, 1}) {
    const auto decision =
        Run(RotateSession{kSession, generation, kId1, "r2", {"another app", "", {}}});
    EXPECT_EQ(decision.reply.reason, errors::Reason::kTokenInvalid);
    EXPECT_FALSE(decision.changed);
  }
  Advance(policy_.grace);
  EXPECT_FALSE(Run(RotateSession{kSession, 0, {}, "r2", {"another app", "", {}}}).changed);
  EXPECT_TRUE(Refresh(1).reply.ok()) << "others cannot end it by that";
}

struct DeadCase {
  const char* name;
  std::function<void(storage::SessionState&, absl::Time now)> spoil;
};
class DeadSessionTest : public SessionRulesTest, public ::testing::WithParamInterface<DeadCase> {};

TEST_P(DeadSessionTest, F6_F8_RefusesEveryTokenAndChangesNothing) {
  ASSERT_TRUE(Refresh(0, kId1).reply.ok());
  ASSERT_TRUE(Refresh(1, kId2).reply.ok());
  GetParam().spoil(state_, now_);
  const storage::SessionState before = state_;
  for (const int64_t generation : {0, 1, 2, 3}) {
    const auto decision = Refresh(generation, kId2);
    EXPECT_EQ(decision.reply.reason, errors::Reason::kTokenInvalid) << generation;
    EXPECT_FALSE(decision.changed);
    EXPECT_EQ(state_, before);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Causes, DeadSessionTest,
    ::testing::Values(
        DeadCase{"NotThere",
                 [](storage::SessionState& s, absl::Time) { s = storage::SessionState(); }},
        DeadCase{"Revoked", [](storage::SessionState& s, absl::Time now) { s.revoked_at = now; }},
        DeadCase{"NoAccount", [](storage::SessionState& s, absl::Time) { s.account.reset(); }},
        DeadCase{"Disabled",
                 [](storage::SessionState& s, absl::Time) { s.account->disabled = true; }},
        DeadCase{"ForcedOut",
                 [](storage::SessionState& s, absl::Time) { ++s.account->token_version; }},
        DeadCase{"Idle", [](storage::SessionState& s, absl::Time now) { s.idle_expires_at = now; }},
        DeadCase{"Old",
                 [](storage::SessionState& s, absl::Time now) { s.absolute_expires_at = now; }},
        DeadCase{"BeforeTheGlobalSignOut",
                 [](storage::SessionState& s, absl::Time) {
                   s.not_before = s.created_at + absl::Microseconds(1);
                 }}),
    [](const auto& c) { return c.param.name; });

TEST_F(SessionRulesTest, F9_EndingIsIdempotent) {
  const auto ended = End();
  EXPECT_TRUE(ended.changed);
  EXPECT_EQ(state_.revoked_at, now_);
  EXPECT_EQ(state_.revoked_reason, storage::RevokedReason::kLogout);
  EXPECT_EQ(effects_.audit.size(), 1u);
  Advance(absl::Minutes(1));
  const auto again = End(storage::RevokedReason::kUser);
  EXPECT_TRUE(again.reply.ok());
  EXPECT_FALSE(again.changed);
  EXPECT_EQ(state_.revoked_reason, storage::RevokedReason::kLogout);
  state_ = storage::SessionState();
  EXPECT_TRUE(End().reply.ok()) << "unknown is fine too";
}

TEST_F(SessionRulesTest, InspectionToldWhatRefreshWouldAndChangesNothing) {
  const auto good = [&](int64_t generation) {
    const storage::SessionState before = state_;
    const auto decision = Run(InspectSession{kSession, generation});
    EXPECT_FALSE(decision.changed);
    EXPECT_EQ(state_, before);
    return decision.reply.ok();
  };
  EXPECT_TRUE(good(0));
  EXPECT_FALSE(good(1));
  ASSERT_TRUE(Refresh(0, kId1).reply.ok());
  EXPECT_TRUE(good(1));
  EXPECT_TRUE(good(0)) << "within grace";
  Advance(policy_.grace);
  EXPECT_FALSE(good(0));
  ASSERT_TRUE(End().reply.ok());
  EXPECT_FALSE(good(1));
}

TEST_F(SessionRulesTest, ALostCommitIsRecalledByWhatItLeft) {
  const SessionRules rules(policy_);
  const RotateSession refresh{kSession, 0, kId1, "r2", {"app", "", {}}};
  EXPECT_FALSE(rules.Recall(refresh, now_, state_));
  Run(refresh);
  ASSERT_TRUE(rules.Recall(refresh, now_, state_));
  EXPECT_EQ(rules.Recall(refresh, now_, state_)->session, state_);
  const EndSession end{kSession, storage::RevokedReason::kLogout, {"app", "", {}}};
  EXPECT_FALSE(rules.Recall(end, now_, state_));
  Run(end);
  EXPECT_TRUE(rules.Recall(end, now_, state_));
  EXPECT_FALSE(rules.Recall(refresh, now_, state_)) << "revoked since";
}

}  // namespace
}  // namespace otpgate::domain
