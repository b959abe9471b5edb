#include "server/domain/verify_otp.h"

#include <gtest/gtest.h>

#include "tests/support/subject_world.h"

namespace otpgate::domain {
namespace {

using support::SubjectWorld;

constexpr char kRight[] = "111111";
constexpr char kWrong[] = "222222";

TEST(VerifyTest, B1_RightCodeInTimeOpensOneSession) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request(kRight)).otp_id;
  const SubjectReply reply = world.Run(world.Verify(id, kRight));
  ASSERT_TRUE(reply.ok());
  EXPECT_TRUE(reply.new_user);
  ASSERT_TRUE(reply.session && reply.account);
  EXPECT_EQ(reply.event, Event::kSignupOtpVerified);
  EXPECT_EQ(world.effects.sessions.size(), 1u);
  EXPECT_EQ(world.effects.new_account->id, reply.account->id);
  EXPECT_EQ(world.effects.new_identity->subject, world.subject());
  EXPECT_EQ(world.state.codes[0].verified_at, world.now);
  EXPECT_EQ(world.valid_until, world.state.codes[0].expires_at);
}

TEST(VerifyTest, B1_SameCodeAgainIsRefusedAndChangesNothing) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request(kRight)).otp_id;
  ASSERT_TRUE(world.Run(world.Verify(id, kRight)).ok());
  const SubjectReply again = world.Run(world.Verify(id, kRight));
  EXPECT_EQ(again.reason, errors::Reason::kOtpInvalid);
  EXPECT_FALSE(world.changed);
  EXPECT_TRUE(world.effects.sessions.empty());
}

// The pepper was retired, or has not reached this server yet.
TEST(VerifyTest, A7_ACodeOfAKeyThatIsNotHereIsNotEvaluated) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request(kRight)).otp_id;
  const CodeMatches nobody_knows = [](const storage::SubjectKey&, const storage::Code&,
                                      absl::string_view) { return std::nullopt; };
  storage::SubjectEffects effects;
  storage::SubjectState state = world.state;
  const auto decision = DecideVerify(world.policy(), nobody_knows, world.Verify(id, kRight),
                                     world.now, state, effects);
  EXPECT_FALSE(decision.changed);
  EXPECT_EQ(decision.reply.reason, errors::Reason::kOtpInvalid);
  EXPECT_EQ(decision.reply.event, Event::kOtpKeyUnknown);
  EXPECT_EQ(state.failures, 0);
  EXPECT_EQ(state.codes[0].attempts, 0);
}

TEST(VerifyTest, KnownAccountSignsInWithoutBeingMadeAgain) {
  support::SubjectWorld world;
  world.HaveAccount();
  const SubjectReply asked = world.Run(world.Request(kRight));
  EXPECT_EQ(world.state.codes[0].table, storage::CodeTable::kOtpSessions);
  const SubjectReply reply = world.Run(world.Verify(asked.otp_id, kRight));
  ASSERT_TRUE(reply.ok());
  EXPECT_FALSE(reply.new_user);
  EXPECT_FALSE(world.effects.new_account);
  EXPECT_EQ(reply.account->id, world.state.user_id);
  EXPECT_EQ(reply.event, Event::kLoginOtpVerified);
}

TEST(VerifyTest, AccountThatAppearedMeanwhileIsSignedInTo) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request(kRight)).otp_id;
  world.HaveAccount();
  const SubjectReply reply = world.Run(world.Verify(id, kRight));
  ASSERT_TRUE(reply.ok());
  EXPECT_FALSE(reply.new_user);
  EXPECT_EQ(reply.account->id, world.state.user_id);
}

struct ExpiryCase {
  const char* name;
  absl::Duration after_end;
  bool accepted;
};
class ExpiryTest : public ::testing::TestWithParam<ExpiryCase> {};
TEST_P(ExpiryTest, B3_ExactToTheMicrosecond) {
  support::SubjectWorld world;
  const SubjectReply asked = world.Run(world.Request(kRight));
  world.now = asked.expires_at + GetParam().after_end;
  EXPECT_EQ(world.Run(world.Verify(asked.otp_id, kRight)).ok(), GetParam().accepted);
}
INSTANTIATE_TEST_SUITE_P(Ends, ExpiryTest,
                         ::testing::Values(ExpiryCase{"JustBefore", -absl::Microseconds(1), true},
                                           ExpiryCase{"At", absl::ZeroDuration(), false},
                                           ExpiryCase{"After", absl::Milliseconds(1), false}),
                         [](const auto& c) { return c.param.name; });

TEST(VerifyTest, B4_FiveGuessesAreEvaluatedAndNoMore) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request(kRight)).otp_id;
  for (int left = 4; left >= 0; --left) {
    const SubjectReply reply = world.Run(world.Verify(id, kWrong));
    EXPECT_EQ(reply.attempts_remaining, left);
    EXPECT_TRUE(world.changed);
    EXPECT_EQ(world.effects.audit.size(), 1u);
    EXPECT_EQ(reply.event, Event::kSignupOtpVerificationFailed);
  }
  const SubjectReply sixth = world.Run(world.Verify(id, kRight));
  EXPECT_EQ(sixth.reason, errors::Reason::kOtpInvalid);
  EXPECT_FALSE(world.changed);
  EXPECT_EQ(world.state.failures, 5);
}

TEST(VerifyTest, B11_EveryCauseThatIsNotEvaluatedGivesOneAnswer) {
  support::SubjectWorld consumed, expired, exhausted, unknown, blocked;
  std::vector<SubjectReply> answers;
  const OtpId used = consumed.Run(consumed.Request(kRight)).otp_id;
  consumed.Run(consumed.Verify(used, kRight));
  answers.push_back(consumed.Run(consumed.Verify(used, kRight)));

  const SubjectReply old = expired.Run(expired.Request(kRight));
  expired.Advance(absl::Hours(1));
  answers.push_back(expired.Run(expired.Verify(old.otp_id, kRight)));

  const OtpId spent = exhausted.Run(exhausted.Request(kRight)).otp_id;
  for (int i = 0; i < 5; ++i) answers.push_back(exhausted.Run(exhausted.Verify(spent, kWrong)));
  answers.erase(answers.end() - 5, answers.end() - 1);  // the last wrong one leaves 0 as well
  answers.push_back(exhausted.Run(exhausted.Verify(spent, kRight)));

  answers.push_back(unknown.Run(unknown.Verify(OtpId{unknown.NextId()}, kRight)));

  const OtpId waiting = blocked.Run(blocked.Request(kRight)).otp_id;
  blocked.state.failures = 20;
  blocked.state.blocked_until = blocked.now + absl::Seconds(30);
  answers.push_back(blocked.Run(blocked.Verify(waiting, kRight)));

  for (const SubjectReply& answer : answers) {
    EXPECT_EQ(answer.reason, errors::Reason::kOtpInvalid);
    EXPECT_EQ(answer.attempts_remaining, 0);
    EXPECT_FALSE(answer.retry_after);
    EXPECT_TRUE(answer.quota.empty());
  }
}

TEST(VerifyTest, B9_CodesOfOtherSessionsAndPurposesAreNotEvaluated) {
  support::SubjectWorld world;
  world.HaveAccount();
  RequestOtp attach = world.Request(kRight, storage::Purpose::kVerifyPhone);
  attach.bearer = world.state.user_id;
  const OtpId verify_id = world.Run(attach).otp_id;
  const OtpId login_id = world.Run(world.Request(kWrong)).otp_id;
  EXPECT_EQ(world.Run(world.Verify(verify_id, kRight)).reason, errors::Reason::kOtpInvalid);
  EXPECT_EQ(world.Run(world.Verify(login_id, kWrong, storage::Purpose::kVerifyPhone)).reason,
            errors::Reason::kOtpInvalid);
  VerifyOtp stranger = world.Verify(verify_id, kRight, storage::Purpose::kVerifyPhone);
  stranger.bearer = UserId{world.NextId()};
  EXPECT_EQ(world.Run(stranger).reason, errors::Reason::kOtpInvalid);
  EXPECT_FALSE(world.changed);
  EXPECT_EQ(world.state.failures, 0);
}

TEST(VerifyTest, B13_NewCodeKillsTheOldOne) {
  support::SubjectWorld world;
  const OtpId first = world.Run(world.Request(kRight)).otp_id;
  const OtpId second = world.Run(world.Request(kWrong)).otp_id;
  EXPECT_EQ(world.Run(world.Verify(first, kRight)).reason, errors::Reason::kOtpInvalid);
  EXPECT_TRUE(world.Run(world.Verify(second, kWrong)).ok());
}

TEST(VerifyTest, B13_SuccessVoidsTheSiblingInTheOtherTable) {
  support::SubjectWorld world;
  const SubjectReply signup = world.Run(world.Request(kRight));
  world.HaveAccount();
  const OtpId login = world.Run(world.Request(kWrong)).otp_id;
  EXPECT_LE(world.state.codes[0].expires_at, world.now);
  EXPECT_TRUE(world.Run(world.Verify(login, kWrong)).ok());
  EXPECT_EQ(world.Run(world.Verify(signup.otp_id, kRight)).reason, errors::Reason::kOtpInvalid);
}

TEST(VerifyTest, BoundCodeIsNotEvaluatedWithoutItsHandle) {
  support::SubjectWorld world;
  world.Run(world.Request(kRight));
  EXPECT_EQ(world.Run(world.Verify(OtpId{}, kRight)).reason, errors::Reason::kOtpInvalid);
  RequestOtp unbound = world.Request(kWrong);
  unbound.bound = false;
  world.Run(unbound);
  EXPECT_TRUE(world.Run(world.Verify(OtpId{}, kWrong)).ok());
}

// After the clock was set back the store's time stands still, so codes of both tables can have the
// same time.
TEST(VerifyTest, B4_WithoutAHandleTheCodeAfterASignUpIsTheNewestAlsoAtTheSameTime) {
  support::SubjectWorld world;
  RequestOtp unbound = world.Request(kWrong);
  unbound.bound = false;
  world.Run(unbound);
  ASSERT_TRUE(world.Run(world.Verify({}, kWrong)).ok());
  unbound = world.Request(kRight);
  unbound.bound = false;
  world.Run(unbound);
  ASSERT_EQ(world.state.codes.size(), 2u);
  ASSERT_EQ(world.state.codes[0].created_at, world.state.codes[1].created_at);
  EXPECT_TRUE(world.Run(world.Verify({}, kRight)).ok());
}

TEST(VerifyTest, DisabledAccountIsToldOnlyToTheRightCode) {
  support::SubjectWorld world;
  world.HaveAccount(/*disabled=*/true);
  const OtpId id = world.Run(world.Request(kRight)).otp_id;
  EXPECT_EQ(world.Run(world.Verify(id, kWrong)).reason, errors::Reason::kOtpInvalid);
  const SubjectReply right = world.Run(world.Verify(id, kRight));
  EXPECT_EQ(right.reason, errors::Reason::kAccountDisabled);
  EXPECT_TRUE(world.changed);
  EXPECT_TRUE(world.effects.sessions.empty());
  EXPECT_EQ(world.Run(world.Verify(id, kRight)).reason, errors::Reason::kOtpInvalid);
}

TEST(VerifyTest, AttachGivesTheIdentifierToTheBearer) {
  support::SubjectWorld world;
  const UserId bearer{world.NextId()};
  RequestOtp ask = world.Request(kRight, storage::Purpose::kVerifyPhone);
  ask.bearer = bearer;
  const OtpId id = world.Run(ask).otp_id;
  VerifyOtp verify = world.Verify(id, kRight, storage::Purpose::kVerifyPhone);
  verify.bearer = bearer;
  const SubjectReply reply = world.Run(verify);
  EXPECT_TRUE(reply.ok());
  EXPECT_FALSE(reply.session);
  EXPECT_EQ(world.state.user_id, bearer);
  EXPECT_EQ(world.effects.new_identity->user_id, bearer);
}

TEST(VerifyTest, AttachOfAnIdentifierOfAnotherAccountIsConsumedAndRefused) {
  support::SubjectWorld world;
  world.HaveAccount();
  const UserId owner = world.state.user_id;
  RequestOtp ask = world.Request(kRight, storage::Purpose::kVerifyPhone);
  ask.bearer = UserId{world.NextId()};
  const OtpId id = world.Run(ask).otp_id;
  VerifyOtp verify = world.Verify(id, kRight, storage::Purpose::kVerifyPhone);
  verify.bearer = ask.bearer;
  EXPECT_EQ(world.Run(verify).reason, errors::Reason::kIdentifierTaken);
  EXPECT_EQ(world.state.user_id, owner);
  EXPECT_FALSE(world.effects.new_identity);
  EXPECT_EQ(world.Run(verify).reason, errors::Reason::kOtpInvalid);
}

TEST(VerifyTest, SubjectWhoseAccountIsGoneIsOurFault) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request(kRight)).otp_id;
  world.state.user_id = UserId{world.NextId()};
  EXPECT_EQ(world.Run(world.Verify(id, kRight)).reason, errors::Reason::kInternal);
  EXPECT_FALSE(world.changed);
}

// In one batch the second command sees the changes of the first.
TEST(VerifyAccountTest, ALoginRightAfterAnAttachSignsInToThatAccount) {
  support::SubjectWorld world({}, "test@example.com");
  const storage::Account owner{UserId{world.NextId()}, storage::UserType::kLive, false, 3,
                               world.now};
  const OtpId login = world.Run(world.Request("111111")).otp_id;
  RequestOtp attach = world.Request("222222", storage::Purpose::kVerifyEmail);
  attach.bearer = owner.id;
  const OtpId attached = world.Run(attach).otp_id;
  VerifyOtp verify = world.Verify(attached, "222222", storage::Purpose::kVerifyEmail);
  verify.bearer = owner.id;
  verify.bearer_account = owner;
  ASSERT_TRUE(world.Run(verify).ok());
  const SubjectReply signed_in = world.Run(world.Verify(login, "111111"));
  ASSERT_TRUE(signed_in.ok()) << errors::ReasonName(signed_in.reason);
  EXPECT_EQ(signed_in.account, owner);
  EXPECT_EQ(signed_in.session->token_version, 3);
}

class VerificationTest : public ::testing::Test {
 protected:
  // Runs one verification with a right code and expects that nothing but the code changed.
  void VerifyAndExpectNothingElse() {
    const storage::SubjectState before = world_.state;
    const OtpId id = world_.Run(world_.Request(kRight, kPurpose)).otp_id;
    ASSERT_EQ(world_.state.codes.size(), before.codes.size() + 1);
    EXPECT_EQ(world_.state.codes.back().table, storage::CodeTable::kOtpSessions);
    EXPECT_TRUE(world_.state.codes.back().user_id.empty());
    const SubjectReply reply = world_.Run(world_.Verify(id, kRight, kPurpose));
    EXPECT_TRUE(reply.ok());
    EXPECT_EQ(reply.event, Event::kVerificationOtpVerified);
    EXPECT_EQ(reply.decided_at(), world_.now);
    EXPECT_FALSE(reply.session || reply.account || reply.new_user);
    EXPECT_EQ(world_.state.user_id, before.user_id);
    EXPECT_EQ(world_.state.account, before.account);
    EXPECT_EQ(world_.state.last_success_at, before.last_success_at);
    EXPECT_TRUE(world_.effects.sessions.empty());
    EXPECT_FALSE(world_.effects.new_account || world_.effects.new_identity);
    EXPECT_EQ(world_.Run(world_.Verify(id, kRight, kPurpose)).reason, errors::Reason::kOtpInvalid);
  }

  static constexpr storage::Purpose kPurpose = storage::Purpose::kVerification;
  support::SubjectWorld world_;
};

TEST_F(VerificationTest, MakesNeitherAccountNorSession) { VerifyAndExpectNothingElse(); }

TEST_F(VerificationTest, LeavesAnAccountAlone) {
  world_.HaveAccount();
  VerifyAndExpectNothingElse();
}

TEST_F(VerificationTest, DoesNotAskWhetherTheAccountIsDisabled) {
  world_.HaveAccount(/*disabled=*/true);
  VerifyAndExpectNothingElse();
}

TEST_F(VerificationTest, B9_ACodeIsGoodForItsPurposeAlone) {
  const OtpId id = world_.Run(world_.Request(kRight, kPurpose)).otp_id;
  for (const storage::Purpose other : storage::kPurposes) {
    if (other == kPurpose) continue;
    EXPECT_EQ(world_.Run(world_.Verify(id, kRight, other)).reason, errors::Reason::kOtpInvalid);
    EXPECT_FALSE(world_.changed);
  }
  const OtpId login = world_.Run(world_.Request("222222")).otp_id;
  EXPECT_EQ(world_.Run(world_.Verify(login, "222222", kPurpose)).reason,
            errors::Reason::kOtpInvalid);
  EXPECT_TRUE(world_.Run(world_.Verify(id, kRight, kPurpose)).ok());
}

TEST_F(VerificationTest, B6_WrongGuessesCountOnCodeAndSubject) {
  const OtpId id = world_.Run(world_.Request(kRight, kPurpose)).otp_id;
  for (int left = 4; left >= 0; --left) {
    const SubjectReply reply = world_.Run(world_.Verify(id, "000000", kPurpose));
    EXPECT_EQ(reply.reason, errors::Reason::kOtpInvalid);
    EXPECT_EQ(reply.attempts_remaining, left);
    EXPECT_EQ(reply.event, Event::kVerificationOtpVerificationFailed);
  }
  EXPECT_EQ(world_.Run(world_.Verify(id, kRight, kPurpose)).reason, errors::Reason::kOtpInvalid);
  EXPECT_EQ(world_.state.failures, 5);
}

}  // namespace
}  // namespace otpgate::domain
