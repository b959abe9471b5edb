#include "server/domain/issue_otp.h"

#include <gtest/gtest.h>

#include "tests/support/subject_world.h"

namespace otpgate::domain {
namespace {

using support::SubjectWorld;

TEST(RequestTest, C1_OneSubjectOneCodeOneMessageOneAuditEvent) {
  support::SubjectWorld world;
  const SubjectReply reply = world.Run(world.Request("111111"));
  EXPECT_TRUE(reply.ok() && world.changed);
  EXPECT_EQ(world.state.codes.size(), 1u);
  EXPECT_EQ(world.effects.messages.size(), 1u);
  EXPECT_EQ(world.effects.audit.size(), 1u);
  EXPECT_EQ(reply.expires_at, world.now + absl::Minutes(5));
  EXPECT_EQ(reply.resend_at, world.now + absl::Seconds(30));
}

// Known, unknown, waiting, subject disabled, account disabled.
TEST(RequestTest, C4_SameAnswerAndSameNumberOfRowsForEveryKindOfSubject) {
  std::vector<support::SubjectWorld> worlds(5);
  worlds[1].HaveAccount();
  worlds[2].state.failures = 30;
  worlds[2].state.blocked_until = worlds[2].now + absl::Hours(1);
  worlds[3].HaveAccount();
  worlds[3].state.failures = 100;
  worlds[3].state.disabled_at = worlds[3].now;
  worlds[4].HaveAccount(/*disabled=*/true);
  for (support::SubjectWorld& world : worlds) {
    const SubjectReply reply = world.Run(world.Request("111111"));
    EXPECT_TRUE(reply.ok());
    EXPECT_EQ(reply.expires_at - world.now, absl::Minutes(5));
    EXPECT_EQ(world.state.codes.size(), 1u);
    EXPECT_EQ(world.effects.messages.size(), 1u);
    EXPECT_EQ(world.effects.audit.size(), 1u);
    EXPECT_TRUE(world.effects.requests.empty() && world.effects.sessions.empty());
  }
  EXPECT_EQ(worlds[3].effects.messages[0].state, storage::MessageState::kSuppressed);
  EXPECT_EQ(worlds[4].effects.messages[0].state, storage::MessageState::kPending);
}

TEST(ResendTest, B10_ExpiryNeverPastTheFirstPlusOneTtl) {
  support::SubjectWorld world;
  const SubjectReply asked = world.Run(world.Request("111111"));
  absl::Time latest = asked.expires_at;
  for (int i = 0; i < 3; ++i) {
    world.now = latest - absl::Seconds(1);
    const SubjectReply again = world.Run(world.Resend(asked.otp_id, "222222"));
    if (!again.ok()) break;
    latest = again.expires_at;
    EXPECT_LE(latest, asked.expires_at + absl::Minutes(5));
  }
  EXPECT_EQ(latest, asked.expires_at + absl::Minutes(5));
}

// A code that expires before the commit must not be renewed.
TEST(ResendTest, B3_IsDecidedAnewOnceTheOldCodeExpired) {
  support::SubjectWorld world;
  const SubjectReply asked = world.Run(world.Request("111111"));
  world.now = asked.expires_at - absl::Milliseconds(50);
  ASSERT_TRUE(world.Run(world.Resend(asked.otp_id, "222222")).ok());
  EXPECT_EQ(world.valid_until, asked.expires_at);
}

TEST(ResendTest, OldCodeIsDeadAndTheNewOneWorks) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request("111111")).otp_id;
  world.Advance(absl::Seconds(30));
  const SubjectReply again = world.Run(world.Resend(id, "222222"));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.otp_id, id);
  EXPECT_EQ(again.event, Event::kSignupOtpResent);
  EXPECT_FALSE(world.Run(world.Verify(id, "111111")).ok());
  EXPECT_TRUE(world.Run(world.Verify(id, "222222")).ok());
}

TEST(ResendTest, OfWhatIsNotPendingIsInvalid) {
  support::SubjectWorld world;
  const SubjectReply asked = world.Run(world.Request("111111"));
  EXPECT_EQ(world.Run(world.Resend(OtpId{world.NextId()}, "222222")).reason,
            errors::Reason::kOtpInvalid);
  world.now = asked.expires_at;
  EXPECT_EQ(world.Run(world.Resend(asked.otp_id, "222222")).reason, errors::Reason::kOtpInvalid);
  EXPECT_FALSE(world.changed);
}

// Routes without handles: a resend is a new code of full life, and keeps the guesses of the last.
TEST(UnboundResendTest, GivesANewCodeWithTheAttemptsOfThePendingOne) {
  SubjectWorld world;
  RequestOtp request = world.Request("111111");
  request.bound = false;
  world.Run(request);
  EXPECT_FALSE(world.Run(world.Verify(OtpId{}, "999999")).ok());
  world.now += absl::Minutes(4);
  ResendOtp resend = world.Resend(world.Request("").otp_id, "222222");
  resend.bound = false;
  const SubjectReply reply = world.Run(resend);
  EXPECT_TRUE(reply.ok());
  EXPECT_EQ(reply.otp_id, resend.otp_id);
  EXPECT_EQ(reply.expires_at, world.now + absl::Minutes(5));
  ASSERT_EQ(world.state.codes.size(), 1U);
  EXPECT_EQ(world.state.codes[0].attempts, 1);
  EXPECT_FALSE(world.state.codes[0].bound);
  EXPECT_TRUE(world.Run(world.Verify(OtpId{}, "222222")).ok());
}

TEST(UnboundResendTest, NeedsNoPendingCodeAndHasNoCoolDownButALimit) {
  SubjectWorld world;
  for (int i = 0; i < 4; ++i) {
    ResendOtp resend = world.Resend(world.Request("").otp_id, "222222");
    resend.bound = false;
    const SubjectReply reply = world.Run(resend);
    EXPECT_EQ(reply.ok(), i < 3) << i;
    if (!reply.ok()) {
      EXPECT_EQ(reply.quota, "subject_resends");
    }
  }
}

// A handle protects its code: a resend without one takes the code's place, with guesses of its own.
TEST(UnboundResendTest, TakesThePlaceOfABoundCode) {
  SubjectWorld world;
  const SubjectReply bound = world.Run(world.Request("111111"));
  world.Run(world.Verify(bound.otp_id, "999999"));
  ResendOtp resend = world.Resend(world.Request("").otp_id, "222222");
  resend.bound = false;
  EXPECT_TRUE(world.Run(resend).ok());
  EXPECT_EQ(world.state.codes[0].attempts, 0);
  EXPECT_FALSE(world.Run(world.Verify(bound.otp_id, "111111")).ok());
}

}  // namespace
}  // namespace otpgate::domain
