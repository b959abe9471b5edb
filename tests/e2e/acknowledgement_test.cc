// A sign-out is told once it is stored, never before: nobody who was told sees the session go on.
#include <atomic>
#include <ostream>
#include <string>
#include <thread>

#include "tests/e2e/sessions_fixture.h"
#include "tests/support/tcp_proxy.h"

namespace otpgate::testing {
namespace {

using Tokens = v1::VerifyOtpResponse;

struct WithProxy {
  TcpProxy proxy_{SharedPgCluster().SocketPath(), Framing::kPostgres};
};

struct Revocation {
  const char* name;
  const char* write;  // the statement
  bool (*run)(AuthClient& client, const Tokens& tokens);
};

void PrintTo(const Revocation& revocation, std::ostream* out) { *out << revocation.name; }

CallOptions BearerOf(const Tokens& tokens) {
  return {.authorization = "Bearer " + tokens.access_token()};
}

// Server 0 reaches its database through the proxy; server 1 does not.
class AcknowledgementTest : private WithProxy,
                            public SessionsFixture,
                            public ::testing::WithParamInterface<Revocation> {
 protected:
  AcknowledgementTest()
      : SessionsFixture({.servers = 2,
                         .flags = {"--enable_rate_limit=false", "--database.answer_timeout=1m"},
                         .prepare = LetTransactionsRest,
                         .connection = [this](const TestDatabase& database, int server) {
                           return server == 0 ? database.Via(proxy_.port(), PgRole::kApp)
                                              : database.Socket(PgRole::kApp);
                         }}) {}

  // The held transaction waits for this test, not the test for it.
  static void LetTransactionsRest(const TestDatabase& database) {
    database.Query("ALTER ROLE otpgate_app IN DATABASE " + database.name() +
                   " SET idle_in_transaction_session_timeout = '60s'");
  }

  std::shared_ptr<ProxyRule> HoldWrite() {
    return proxy_.Add({.action = ProxyAction::kHold, .match = Holds(GetParam().write)});
  }
};

TEST_P(AcknowledgementTest, F8_I2_ARevocationIsToldOnceItIsStored) {
  const Tokens tokens = SignIn(NextPerson());
  const auto write = HoldWrite();
  std::atomic<bool> told = false;
  std::thread caller([&] {
    EXPECT_TRUE(GetParam().run(client(0), tokens));
    told = true;
  });
  EXPECT_TRUE(write->WaitFired());
  // What was told too early would have arrived before these answers, on the same connection.
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(client(0).GetJwks().ok());
  EXPECT_FALSE(told);
  EXPECT_TRUE(IsActive(tokens.access_token(), 1));
  write->Release();
  caller.join();
  for (const std::string& token : {tokens.access_token(), tokens.refresh_token()}) {
    EXPECT_FALSE(IsActive(token, 1));
  }
  EXPECT_EQ(client(1).RefreshToken(tokens.refresh_token()).reason, "TOKEN_INVALID");
}

const Revocation kRevocations[] = {
    {"RevokeToken", "write_sessions",
     [](AuthClient& client, const Tokens& tokens) {
       return client.RevokeToken(tokens.refresh_token()).ok();
     }},
    {"RevokeSession", "write_sessions",
     [](AuthClient& client, const Tokens& tokens) {
       return client.RevokeSession(tokens.session_id(), BearerOf(tokens)).ok();
     }},
    {"RevokeAllSessions", "write_users",
     [](AuthClient& client, const Tokens& tokens) {
       return client.RevokeAllSessions(BearerOf(tokens)).ok();
     }},
};

INSTANTIATE_TEST_SUITE_P(All, AcknowledgementTest, ::testing::ValuesIn(kRevocations),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace otpgate::testing
