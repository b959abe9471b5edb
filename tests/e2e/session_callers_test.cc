// Sessions and calling services: only the service that got a refresh token may use it, and only
// services with the right may introspect.
#include <string>

#include "tests/e2e/caller_files.h"
#include "tests/e2e/sessions_fixture.h"

namespace otpgate::e2e {
namespace {

struct WithCallers {
  const CallerFiles callers_{
      {{"gateway"}, {"kiosk"}, {"orders", false, "otpgate.v1.AuthService/IntrospectToken"}}};
};

class SessionCallersTest : private WithCallers, public SessionsFixture {
 protected:
  SessionCallersTest()
      : SessionsFixture({.servers = 2, .flags = {"--enable_rate_limit=false", callers_.Flag()}}) {}

  static support::CallOptions As(const std::string& caller, support::CallOptions options = {}) {
    options.caller = CallerFiles::HeaderOf(caller);
    return options;
  }

  const support::CallOptions id_ = NextRequestId();
  const Tokens first_ = SignIn(NextPerson(), v1::USER_TYPE_LIVE, As("gateway"));
};

TEST_F(SessionCallersTest, B9_G4_ARefreshTokenIsGoodForTheCallerItWasIssuedTo) {
  const std::string& token = first_.refresh_token();
  EXPECT_EQ(client(0).RefreshToken(token, As("kiosk", id_)).reason, "TOKEN_INVALID");
  EXPECT_EQ(client(0).RefreshToken(token).reason, "TOKEN_INVALID");
  EXPECT_EQ(Value("SELECT generation || ' ' || (revoked_at IS NULL) FROM sessions"), "0 true");
  const auto second = client(0).RefreshToken(token, As("gateway", id_));
  ASSERT_TRUE(second.ok()) << second.reason;
  // Neither within the grace period nor with the request_id does another caller get the successor.
  for (const support::CallOptions& options : {support::CallOptions{}, id_}) {
    const auto stolen = client(1).RefreshToken(token, As("kiosk", options));
    EXPECT_EQ(stolen.reason, "TOKEN_INVALID");
    EXPECT_EQ(stolen.reply.refresh_token() + stolen.reply.access_token(), "");
  }
  OutliveGrace();
  EXPECT_EQ(client(1).RefreshToken(token, As("kiosk")).reason, "TOKEN_INVALID");
  EXPECT_EQ(client(1).RefreshToken(token, As("gateway", id_)).reply.refresh_token(),
            second.reply.refresh_token());
  const auto third = client(0).RefreshToken(second.reply.refresh_token(), As("gateway"));
  ASSERT_TRUE(third.ok()) << "what the kiosk did has ended nothing";
  EXPECT_EQ(client(0).IntrospectToken(third.reply.access_token(), As("orders")).reply.client_id(),
            "gateway");
}

// A request_id is known only to its session, not to others of the same or another account.
TEST_F(SessionCallersTest, G4_ARequestIdIsKnownToItsSessionAlone) {
  const Tokens others[] = {SignIn("p1@example.com", v1::USER_TYPE_LIVE, As("gateway")),
                           SignIn("else@example.com", v1::USER_TYPE_LIVE, As("gateway"))};
  const auto mine = client(0).RefreshToken(first_.refresh_token(), As("gateway", id_));
  for (const Tokens& other : others) {
    const auto next = client(1).RefreshToken(other.refresh_token(), As("gateway", id_));
    ASSERT_TRUE(next.ok()) << next.reason;
    EXPECT_EQ(next.reply.session_id(), other.session_id());
  }
  EXPECT_EQ(mine.reply.session_id(), first_.session_id());
}

TEST_F(SessionCallersTest, E12_IntrospectionIsForCallersThatMay) {
  const std::string& token = first_.access_token();
  EXPECT_TRUE(client(1).IntrospectToken(token, As("orders")).reply.active());
  support::CallOptions wrong;
  wrong.caller = CallerFiles::HeaderOf("orders", CallerFiles::SecretOf("gateway"));
  const auto refused = client(0).IntrospectToken(token, wrong);
  EXPECT_EQ(refused.reason, "UNAUTHENTICATED");
  EXPECT_EQ(refused.reply.SerializeAsString(), "");
  EXPECT_EQ(client(0).IntrospectToken("unknown", wrong).status_bytes, refused.status_bytes);
  const auto more = client(0).RefreshToken(first_.refresh_token(), As("orders"));
  EXPECT_EQ(more.reason, "PERMISSION_DENIED");
}

// Every holder of a token may end its session, for example a service that finds a leaked token.
TEST_F(SessionCallersTest, F9_AnyCallerMayRevokeWhatItHolds) {
  EXPECT_TRUE(client(0).RevokeToken("unknown", As("kiosk")).ok());
  EXPECT_TRUE(client(0).RevokeToken(first_.refresh_token(), As("kiosk")).ok());
  EXPECT_FALSE(client(1).IntrospectToken(first_.access_token(), As("orders")).reply.active());
  EXPECT_EQ(Value("SELECT caller FROM audit_events WHERE event = 'SESSION_REVOKED'"), "kiosk");
}

}  // namespace
}  // namespace otpgate::e2e
