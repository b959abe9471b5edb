#include "server/domain/requests.h"

#include <gtest/gtest.h>

#include "tests/support/subject_world.h"

namespace otpgate::domain {
namespace {

using support::SubjectWorld;

TEST(RequestsTest, G1_RepeatedRequestGivesTheSameCodeSessionOnce) {
  support::SubjectWorld world;
  const RequestOtp first =
      support::SubjectWorld::WithRequestId(world.Request("111111"), "id1", "payload");
  RequestOtp retry =
      support::SubjectWorld::WithRequestId(world.Request("222222"), "id1", "payload");
  const SubjectReply answer = world.Run(first);
  const SubjectReply again = world.Run(retry);
  EXPECT_EQ(again.otp_id, answer.otp_id);
  EXPECT_EQ(again.expires_at, answer.expires_at);
  EXPECT_TRUE(again.replayed());
  EXPECT_FALSE(world.changed);
  EXPECT_TRUE(world.effects.messages.empty());
}

TEST(RequestsTest, G2_SameIdWithOtherGuessesIsEvaluatedOnce) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request("111111")).otp_id;
  int evaluated = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string guess = absl::StrCat(absl::Dec(i + 200'000));
    const SubjectReply reply =
        world.Run(support::SubjectWorld::WithRequestId(world.Verify(id, guess), "id1", guess));
    evaluated += world.changed ? 1 : 0;
    EXPECT_EQ(reply.reason,
              i == 0 ? errors::Reason::kOtpInvalid : errors::Reason::kRequestIdReused);
  }
  EXPECT_EQ(evaluated, 1);
  EXPECT_EQ(world.state.failures, 1);
}

class RepeatedVerifyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const OtpId id = world_.Run(world_.Request("111111")).otp_id;
    verify_ = support::SubjectWorld::WithRequestId(world_.Verify(id, "111111"), "id1", "payload");
    first_ = world_.Run(verify_);
    ASSERT_TRUE(first_.ok());
    // A retry comes with new ids and a new code.
    verify_.session_id = SessionId{world_.NextId()};
    verify_.new_user_id = UserId{world_.NextId()};
  }
  std::optional<storage::RecordedSession>& session() { return world_.state.requests[0].second; }

  support::SubjectWorld world_;
  VerifyOtp verify_;
  SubjectReply first_;
};

TEST_F(RepeatedVerifyTest, G1_GivesTheSameSession) {
  world_.Advance(absl::Seconds(10));
  const SubjectReply again = world_.Run(verify_);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.session, first_.session);
  EXPECT_EQ(again.account, first_.account);
  EXPECT_EQ(again.new_user, first_.new_user);
  EXPECT_FALSE(world_.changed);
}
TEST_F(RepeatedVerifyTest, IsSupersededOnceTheSessionWasRefreshed) {
  session()->generation = 1;
  EXPECT_EQ(world_.Run(verify_).reason, errors::Reason::kRequestSuperseded);
}
TEST_F(RepeatedVerifyTest, IsSupersededOnceTheSessionWasRevoked) {
  session()->revoked = true;
  EXPECT_EQ(world_.Run(verify_).reason, errors::Reason::kRequestSuperseded);
}
TEST_F(RepeatedVerifyTest, IsSupersededOnceTheAccountWasForcedOut) {
  world_.state.account->token_version = 1;
  EXPECT_EQ(world_.Run(verify_).reason, errors::Reason::kRequestSuperseded);
}
TEST_F(RepeatedVerifyTest, IsSupersededOnceTheCodeWouldHaveExpired) {
  world_.Advance(absl::Minutes(5));
  EXPECT_EQ(world_.Run(verify_).reason, errors::Reason::kRequestSuperseded);
}
TEST_F(RepeatedVerifyTest, G6_IsANewRequestAfterTheRetention) {
  world_.Advance(absl::Hours(24));
  EXPECT_EQ(world_.Run(verify_).reason, errors::Reason::kOtpInvalid);
}

class RepeatedVerificationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const OtpId id = world_.Run(world_.Request("111111", kPurpose)).otp_id;
    verify_ = support::SubjectWorld::WithRequestId(world_.Verify(id, "111111", kPurpose), "id1",
                                                   "payload");
    verified_at_ = world_.now;
    ASSERT_TRUE(world_.Run(verify_).ok());
  }
  void ExpectTheSame() {
    const SubjectReply again = world_.Run(verify_);
    EXPECT_TRUE(again.ok() && again.replayed());
    EXPECT_EQ(again.otp_id, verify_.otp_id);
    EXPECT_EQ(again.decided_at(), verified_at_);
    EXPECT_FALSE(world_.changed);
  }

  static constexpr storage::Purpose kPurpose = storage::Purpose::kVerification;
  support::SubjectWorld world_;
  VerifyOtp verify_;
  absl::Time verified_at_;
};

TEST_F(RepeatedVerificationTest, G1_IsTheSameWhileTheCodeWouldLive) {
  world_.Advance(absl::Minutes(5) - absl::Microseconds(1));
  ExpectTheSame();
  world_.Advance(absl::Microseconds(1));
  EXPECT_EQ(world_.Run(verify_).reason, errors::Reason::kRequestSuperseded);
  EXPECT_EQ(world_.rules().Recall(verify_, world_.now, world_.state)->reason,
            errors::Reason::kRequestSuperseded);
}
TEST_F(RepeatedVerificationTest, G1_DoesNotDependOnTheRowOfTheCode) {
  world_.Advance(absl::Minutes(1));
  ASSERT_TRUE(world_.Run(world_.Request("222222", kPurpose)).ok());
  ExpectTheSame();
}
TEST_F(RepeatedVerificationTest, G1_AWrongGuessIsRepeatedAsWrong) {
  world_.Advance(absl::Minutes(1));
  const OtpId id = world_.Run(world_.Request("222222", kPurpose)).otp_id;
  const VerifyOtp wrong =
      support::SubjectWorld::WithRequestId(world_.Verify(id, "333333", kPurpose), "id2", "wrong");
  EXPECT_EQ(world_.Run(wrong).reason, errors::Reason::kOtpInvalid);
  world_.Advance(absl::Hours(1));
  EXPECT_EQ(world_.Run(wrong).reason, errors::Reason::kOtpInvalid);
  EXPECT_FALSE(world_.changed);
}

// A retry carries the fingerprints by every key, so it matches after the keys were rotated.
TEST(RequestsTest, A7_AnOldKeysFingerprintStillTells) {
  support::SubjectWorld world;
  const RequestOtp first =
      support::SubjectWorld::WithRequestId(world.Request("111111"), "id1", "old");
  const SubjectReply answer = world.Run(first);
  RequestOtp retry = support::SubjectWorld::WithRequestId(world.Request("222222"), "id1", "new");
  EXPECT_EQ(world.Run(retry).reason, errors::Reason::kRequestIdReused);
  retry.origin.request->fingerprints = {"new", "old"};
  EXPECT_EQ(world.Run(retry).otp_id, answer.otp_id);
}

TEST(RequestsTest, RefusalsWithoutEffectAreNotRecorded) {
  support::SubjectWorld world;
  for (int i = 0; i < 3; ++i) world.Run(world.Request("111111"));
  const RequestOtp denied =
      support::SubjectWorld::WithRequestId(world.Request("111111"), "id1", "payload");
  EXPECT_EQ(world.Run(denied).reason, errors::Reason::kSendLimit);
  world.Advance(absl::Minutes(30));
  EXPECT_TRUE(world.Run(denied).ok());
}

TEST(RequestsTest, G4_OtherCallersDoNotSeeTheRecord) {
  support::SubjectWorld world;
  RequestOtp mine = support::SubjectWorld::WithRequestId(world.Request("111111"), "id1", "payload");
  const SubjectReply answer = world.Run(mine);
  RequestOtp theirs =
      support::SubjectWorld::WithRequestId(world.Request("222222"), "id1", "payload");
  theirs.origin.request->key.caller = "other";
  const SubjectReply other = world.Run(theirs);
  EXPECT_NE(other.otp_id, answer.otp_id);
  EXPECT_FALSE(other.replayed());
}

}  // namespace
}  // namespace otpgate::domain
