// Sessions on two servers: refresh, replay, sign-out.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/sessions_fixture.h"
#include "tests/support/contend.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

class SessionsTest : public SessionsFixture {};

TEST_F(SessionsTest, RefreshGivesTheNextPairAndTheOldAccessTokenStaysGood) {
  const Tokens first = SignIn(NextPerson());
  const auto second = client().RefreshToken(first.refresh_token(), NextRequestId());
  ASSERT_TRUE(second.ok()) << second.message;
  EXPECT_EQ(second.reply.session_id(), first.session_id());
  EXPECT_EQ(second.reply.token_type(), "bearer");
  EXPECT_NE(second.reply.refresh_token(), first.refresh_token());
  EXPECT_NE(second.reply.access_token(), first.access_token());
  EXPECT_LE(second.reply.expires_in(), 900u);
  for (const std::string& token :
       {first.access_token(), second.reply.access_token(), second.reply.refresh_token()}) {
    EXPECT_TRUE(IsActive(token));
  }
  EXPECT_TRUE(client(1).GetCurrentUser(Bearer(second.reply.access_token())).ok());
}

TEST_F(SessionsTest, F2_ManyConcurrentRefreshesHaveOneSuccessor) {
  for (int64_t trial = 0; trial < support::Trials(20); ++trial) {
    const Tokens first = SignIn(NextPerson());
    std::vector<std::string> successors(64);
    std::atomic<int> conflicts = 0;
    support::Contend(64, [&](int i) {
      const auto answer = client(i).RefreshToken(first.refresh_token());
      successors[i] = answer.reply.refresh_token();
      conflicts += answer.reason == "CONFLICT";
    });
    std::set<std::string> distinct(successors.begin(), successors.end());
    EXPECT_EQ(std::count(successors.begin(), successors.end(), ""), conflicts);
    distinct.erase("");
    ASSERT_EQ(distinct.size(), 1u);
    EXPECT_TRUE(client().RefreshToken(*distinct.begin()).ok());
  }
  EXPECT_EQ(Value("SELECT count(*) FROM sessions WHERE revoked_at IS NOT NULL"), "0");
}

TEST_F(SessionsTest, F3_AReplayedTokenEndsTheFamilyAtOnce) {
  const Tokens first = SignIn(NextPerson());
  const auto second = client(0).RefreshToken(first.refresh_token());
  OutliveGrace();
  EXPECT_EQ(client(1).RefreshToken(first.refresh_token()).reason, "TOKEN_INVALID");
  for (const std::string& token :
       {first.access_token(), second.reply.access_token(), second.reply.refresh_token()}) {
    EXPECT_FALSE(IsActive(token));
  }
  EXPECT_EQ(client(0).RefreshToken(second.reply.refresh_token()).reason, "TOKEN_INVALID");
  EXPECT_EQ(client(0).GetCurrentUser(Bearer(second.reply.access_token())).reason,
            "UNAUTHENTICATED");
  EXPECT_EQ(Value("SELECT count(*) FROM audit_events WHERE event = 'TOKEN_REUSE'"), "1");
}

TEST_F(SessionsTest, F4_TheSameRequestGetsTheSameSuccessorUntilItIsUsed) {
  const Tokens first = SignIn(NextPerson());
  const support::CallOptions id = NextRequestId();
  const auto second = client(0).RefreshToken(first.refresh_token(), id);
  OutliveGrace();
  const auto again = client(1).RefreshToken(first.refresh_token(), id);
  ASSERT_TRUE(again.ok()) << again.message;
  EXPECT_EQ(again.reply.refresh_token(), second.reply.refresh_token());
  EXPECT_EQ(client(0).RefreshToken(second.reply.refresh_token(), id).reason, "REQUEST_ID_REUSED");
  ASSERT_TRUE(client(0).RefreshToken(second.reply.refresh_token(), NextRequestId()).ok());
  EXPECT_EQ(client(1).RefreshToken(first.refresh_token(), id).reason, "REQUEST_SUPERSEDED")
      << "late, but no theft";
  EXPECT_EQ(client(1).RefreshToken(first.refresh_token(), NextRequestId()).reason, "TOKEN_INVALID");
}

TEST_F(SessionsTest, F5_AReplacedTokenStaysDeadAfterARestart) {
  const Tokens first = SignIn(NextPerson());
  ASSERT_TRUE(client(0).RefreshToken(first.refresh_token()).ok());
  OutliveGrace();
  deployment_.Replace(0);
  EXPECT_EQ(client(0).RefreshToken(first.refresh_token()).reason, "TOKEN_INVALID");
}

TEST_F(SessionsTest, F7_IdleAndAbsoluteEndsHold) {
  for (const char* end : {"idle_expires_at", "absolute_expires_at"}) {
    const Tokens tokens = SignIn(NextPerson());
    Sql(absl::StrCat("UPDATE sessions SET ", end, " = clock_timestamp()"));
    EXPECT_EQ(client().RefreshToken(tokens.refresh_token()).reason, "TOKEN_INVALID") << end;
    EXPECT_FALSE(IsActive(tokens.refresh_token()));
  }
}

// In either order: no token is valid after the acknowledgement of the disabling.
TEST_F(SessionsTest, F8_DisableRacesRefresh) {
  for (int64_t trial = 0; trial < support::Trials(40); ++trial) {
    const Tokens first = SignIn(NextPerson());
    support::Answer<v1::RefreshTokenResponse> second;
    support::Contend(2, [&](int i) {
      if (i == 0) {
        second = client(static_cast<int>(trial)).RefreshToken(first.refresh_token());
      } else {
        Sql("UPDATE users SET status = 'disabled', token_version = token_version + 1");
      }
    });
    const std::string& refresh = second.ok() ? second.reply.refresh_token() : first.refresh_token();
    EXPECT_EQ(client(0).RefreshToken(refresh).reason, "TOKEN_INVALID");
    EXPECT_FALSE(IsActive(first.access_token()));
    EXPECT_FALSE(second.ok() && IsActive(second.reply.access_token()));
    Sql("UPDATE users SET status = 'active'");
    EXPECT_FALSE(IsActive(refresh)) << "enabling brings nothing back";
  }
}

TEST_F(SessionsTest, F9_RevokingIsIdempotentAndUnknownTokensAreFine) {
  const Tokens one = SignIn(NextPerson());
  const Tokens two = SignIn(NextPerson());
  EXPECT_TRUE(client(0).RevokeToken(one.refresh_token()).ok());
  EXPECT_TRUE(client(1).RevokeToken(one.refresh_token()).ok());
  EXPECT_TRUE(client(1).RevokeToken(two.access_token()).ok());
  for (const std::string garbage : {"x", "a.b.c", "no token at all"}) {
    EXPECT_TRUE(client().RevokeToken(garbage).ok());
    EXPECT_FALSE(IsActive(garbage));
  }
  EXPECT_EQ(client().RevokeToken("").reason, "INVALID_REQUEST");
  for (const Tokens* tokens : {&one, &two}) {
    EXPECT_FALSE(IsActive(tokens->access_token()));
    EXPECT_FALSE(IsActive(tokens->refresh_token()));
    EXPECT_EQ(client().RefreshToken(tokens->refresh_token()).reason, "TOKEN_INVALID");
  }
  EXPECT_EQ(Value("SELECT count(*) FROM audit_events WHERE event = 'SESSION_REVOKED'"), "2");
}

TEST_F(SessionsTest, E12_UnknownExpiredAndRevokedLookTheSame) {
  const Tokens tokens = SignIn(NextPerson());
  const auto unknown = client().IntrospectToken("unknown");
  ASSERT_TRUE(client().RevokeToken(tokens.refresh_token()).ok());
  for (const std::string& token : {tokens.access_token(), tokens.refresh_token()}) {
    EXPECT_EQ(client().IntrospectToken(token).reply.SerializeAsString(),
              unknown.reply.SerializeAsString());
  }
}

TEST_F(SessionsTest, IntrospectionTellsWhatTheTokenIsGoodFor) {
  const Tokens tokens = SignIn("+14155550123");
  const auto access = client().IntrospectToken(tokens.access_token()).reply;
  EXPECT_TRUE(access.active());
  EXPECT_EQ(access.token_type(), "access_token");
  EXPECT_EQ(access.sub(), tokens.user().id());
  EXPECT_EQ(access.sid(), tokens.session_id());
  EXPECT_EQ(access.client_id(), "development");
  EXPECT_EQ(access.user_type(), v1::USER_TYPE_LIVE);
  EXPECT_EQ(access.iss(), "otpgate");
  EXPECT_EQ(access.aud(0), "otpgate");
  EXPECT_EQ(access.amr(0), "sms");
  EXPECT_EQ(access.exp() - access.iat(), 900u);
  const auto refresh = client().IntrospectToken(tokens.refresh_token()).reply;
  EXPECT_EQ(refresh.token_type(), "refresh_token");
  EXPECT_EQ(refresh.sid(), tokens.session_id());
  EXPECT_EQ(refresh.aud_size(), 0);
}

TEST_F(SessionsTest, AnAccountSeesAndEndsItsOwnSessionsOnly) {
  const std::string person = NextPerson();
  const Tokens one = SignIn(person);
  const Tokens two = SignIn(person);
  const Tokens other = SignIn(NextPerson());
  const auto list = client().ListSessions(Bearer(two.access_token()));
  ASSERT_TRUE(list.ok()) << list.message;
  ASSERT_EQ(list.reply.sessions_size(), 2);
  EXPECT_EQ(list.reply.sessions(0).id(), one.session_id());
  EXPECT_FALSE(list.reply.sessions(0).current());
  EXPECT_TRUE(list.reply.sessions(1).current());
  EXPECT_EQ(list.reply.sessions(1).amr(), "email");

  EXPECT_TRUE(client().RevokeSession(other.session_id(), Bearer(two.access_token())).ok());
  EXPECT_TRUE(IsActive(other.access_token())) << "of somebody else";
  EXPECT_TRUE(client().RevokeSession(one.session_id(), Bearer(two.access_token())).ok());
  EXPECT_FALSE(IsActive(one.access_token()));
  EXPECT_TRUE(IsActive(two.access_token()));
  EXPECT_EQ(client().ListSessions(Bearer(two.access_token())).reply.sessions_size(), 1);
  EXPECT_EQ(client().RevokeSession("short", Bearer(two.access_token())).reason, "INVALID_REQUEST");
  for (int repeat = 0; repeat < 2; ++repeat) {
    EXPECT_TRUE(client().RevokeSession(two.session_id(), Bearer(two.access_token())).ok())
        << repeat;
  }
  EXPECT_EQ(client().RevokeSession(one.session_id(), Bearer(two.access_token())).reason,
            "UNAUTHENTICATED");
  EXPECT_EQ(client().RevokeSession(two.session_id(), {}).reason, "UNAUTHENTICATED");
  EXPECT_EQ(client().ListSessions(Bearer(one.access_token())).reason, "UNAUTHENTICATED");
}

TEST_F(SessionsTest, RevokeAllEndsThisOneTooAndARepeatEndsNothingNew) {
  const std::string person = NextPerson();
  const Tokens one = SignIn(person);
  const Tokens two = SignIn(person);
  ASSERT_TRUE(client(0).RevokeAllSessions(Bearer(one.access_token())).ok());
  for (const Tokens* tokens : {&one, &two}) {
    EXPECT_FALSE(IsActive(tokens->access_token()));
    EXPECT_EQ(client(1).RefreshToken(tokens->refresh_token()).reason, "TOKEN_INVALID");
  }
  const Tokens three = SignIn(person);
  EXPECT_TRUE(client(1).RevokeAllSessions(Bearer(one.access_token())).ok())
      << "the answer was lost";
  EXPECT_TRUE(IsActive(three.access_token()));
  ASSERT_TRUE(client(1).RevokeToken(three.refresh_token()).ok());
  EXPECT_EQ(client(0).RevokeAllSessions(Bearer(three.access_token())).reason, "UNAUTHENTICATED");
}

TEST_F(SessionsTest, EverybodyIsSignedOutByNotBefore) {
  const Tokens before = SignIn(NextPerson());
  Sql("INSERT INTO not_before VALUES ('sessions', clock_timestamp())");
  const Tokens after = SignIn(NextPerson());
  EXPECT_FALSE(IsActive(before.access_token()));
  EXPECT_FALSE(IsActive(before.refresh_token()));
  EXPECT_EQ(client().RefreshToken(before.refresh_token()).reason, "TOKEN_INVALID");
  EXPECT_EQ(client().GetCurrentUser(Bearer(before.access_token())).reason, "UNAUTHENTICATED");
  EXPECT_TRUE(IsActive(after.access_token()));
  EXPECT_TRUE(client().RefreshToken(after.refresh_token()).ok());
}

TEST_F(SessionsTest, DemoTokensHaveAnAudienceOfTheirOwn) {
  const Tokens demo = SignIn(NextPerson(), v1::USER_TYPE_DEMO);
  const auto next = client().RefreshToken(demo.refresh_token());
  const auto facts = client().IntrospectToken(next.reply.access_token()).reply;
  EXPECT_EQ(facts.user_type(), v1::USER_TYPE_DEMO);
  EXPECT_EQ(facts.aud(0), "otpgate-demo");
}

}  // namespace
}  // namespace otpgate::e2e
