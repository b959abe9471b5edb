// A sign-out is acknowledged once it is stored, never before: from then on no server accepts the
// session.
#include <atomic>
#include <ostream>
#include <string>
#include <thread>

#include "tests/e2e/proxied_database_fixture.h"

namespace otpgate::e2e {
namespace {

using Tokens = v1::VerifyOtpResponse;

struct Revocation {
  const char* name;
  const char* write;  // the statement that stores it
  bool (*run)(support::AuthClient& client, const Tokens& tokens);
};

void PrintTo(const Revocation& revocation, std::ostream* out) { *out << revocation.name; }

support::CallOptions BearerOf(const Tokens& tokens) {
  return {.authorization = "Bearer " + tokens.access_token()};
}

class AcknowledgementTest : public ProxiedDatabaseFixture,
                            public ::testing::WithParamInterface<Revocation> {
 protected:
  AcknowledgementTest()
      : ProxiedDatabaseFixture(
            {.flags = {"--enable_rate_limit=false", "--database.answer_timeout=1m"},
             .prepare = AllowIdleTransactions}) {}

  // The default timeout would end the transaction that the test holds.
  static void AllowIdleTransactions(const support::TestDatabase& database) {
    database.Query("ALTER ROLE otpgate_app IN DATABASE " + database.name() +
                   " SET idle_in_transaction_session_timeout = '60s'");
  }

  std::shared_ptr<support::ProxyRule> HoldWrite() {
    return to_database_.Add(
        {.action = support::ProxyAction::kHold, .match = support::Holds(GetParam().write)});
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
  // An early acknowledgement would arrive before these answers, on the same connection.
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
     [](support::AuthClient& client, const Tokens& tokens) {
       return client.RevokeToken(tokens.refresh_token()).ok();
     }},
    {"RevokeSession", "write_sessions",
     [](support::AuthClient& client, const Tokens& tokens) {
       return client.RevokeSession(tokens.session_id(), BearerOf(tokens)).ok();
     }},
    {"RevokeAllSessions", "write_users",
     [](support::AuthClient& client, const Tokens& tokens) {
       return client.RevokeAllSessions(BearerOf(tokens)).ok();
     }},
};

INSTANTIATE_TEST_SUITE_P(All, AcknowledgementTest, ::testing::ValuesIn(kRevocations),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace otpgate::e2e
