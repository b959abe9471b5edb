// A replaced refresh token stays invalid, whatever happens later; a repeat with the same request_id
// still gets the successor.
#include <signal.h>

#include <algorithm>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/e2e/admin_program.h"
#include "tests/e2e/sessions_fixture.h"
#include "tests/support/rpc_server.h"

namespace otpgate::e2e {
namespace {

class ReplayTest : public SessionsFixture {
 public:
  void ServersAreKilled() {
    for (int i : {0, 1}) deployment_.server(i).Signal(SIGKILL);
    for (int i : {0, 1}) deployment_.Replace(i);
  }
  // Right after the refresh: a later write of another transaction would have flushed it to disk.
  void DatabaseCrashes() {
    support::SharedPgCluster().KillPostmaster();
    for (int i : {0, 1}) {
      ASSERT_TRUE(deployment_.server(i).WaitForEvent("DATABASE_UNAVAILABLE"));
    }
    ASSERT_TRUE(support::SharedPgCluster().Launch().ok());
    for (int i : {0, 1}) {
      ASSERT_TRUE(deployment_.server(i).WaitForEvent("DATABASE_AVAILABLE", 2));
    }
  }
  void RefreshKeyIsRotated() {
    admin_.Run({"keys", "rotate", "--of", "refresh", "--in", "0s", "--key-file",
                deployment_.keys().Path("refresh")});
    for (int i : {0, 1}) ASSERT_TRUE(deployment_.server(i).WaitForEvent("KEY_FILES_LOADED"));
  }
  // Also retires the previous key, which makes only its access tokens invalid.
  void SigningKeyIsRotated() {
    const std::string kid = Value("SELECT kid FROM signing_keys");
    admin_.Run({"keys", "rotate", "--master-key-file", deployment_.keys().Path("master")});
    Sql("UPDATE signing_keys SET active_from = now() WHERE kid <> '" + kid + "'");
    admin_.Run({"keys", "retire", kid, "--yes"});
    for (int i : {0, 1}) {
      ASSERT_TRUE(support::Eventually([&] {
        const auto keys = client(i).GetJwks().reply.keys();
        return std::none_of(keys.begin(), keys.end(),
                            [&](const v1::Jwk& key) { return key.kid() == kid; });
      }));
    }
  }
  void OldRowsAreRemoved() {
    for (const char* table :
         {"requests", "signup_otps", "otp_sessions", "outbox", "audit_events"}) {
      Sql(absl::StrCat("DELETE FROM ", table));
    }
  }

 protected:
  ReplayTest()
      : SessionsFixture({.servers = 2,
                         .flags = {"--enable_rate_limit=false", "--database.health_interval=100ms",
                                   "--secrets.reload_interval=100ms"}}) {}

  std::string Reason(int server, const std::string& token,
                     const support::CallOptions& options = {}) {
    return client(server).RefreshToken(token, options).reason;
  }
  std::string Next(int server, const std::string& token, const support::CallOptions& options = {}) {
    const auto next = client(server).RefreshToken(token, options);
    EXPECT_TRUE(next.ok()) << next.reason << ' ' << next.message;
    return next.reply.refresh_token();
  }
  std::string Count(const std::string& event) {
    return Value("SELECT count(*) FROM audit_events WHERE event = '" + event + "'");
  }

  const AdminProgram admin_{deployment_};
};

struct Meanwhile {
  const char* name;
  void (ReplayTest::*happens)();
};

void PrintTo(const Meanwhile& value, std::ostream* out) { *out << value.name; }

class ReplayAfterTest : public ReplayTest, public ::testing::WithParamInterface<Meanwhile> {};

TEST_P(ReplayAfterTest, F3_F5_AReplacedTokenEndsTheFamily) {
  const Tokens first = SignIn(NextPerson());
  const std::string second = Next(1, first.refresh_token());
  const auto third = client(0).RefreshToken(second, NextRequestId()).reply;
  ASSERT_NO_FATAL_FAILURE((this->*GetParam().happens)());
  OutliveGrace();
  EXPECT_TRUE(IsActive(third.refresh_token()));
  EXPECT_FALSE(IsActive(second)) << "replaced, and looking does no harm";
  EXPECT_EQ(Reason(0, first.refresh_token()), "TOKEN_INVALID");
  EXPECT_EQ(Count("TOKEN_REUSE"), "1");
  for (const std::string& token :
       {third.refresh_token(), third.access_token(), first.access_token()}) {
    EXPECT_FALSE(IsActive(token));
  }
  for (const std::string& token : {third.refresh_token(), second, first.refresh_token()}) {
    EXPECT_EQ(Reason(1, token), "TOKEN_INVALID");
  }
  EXPECT_EQ(Count("TOKEN_REUSE"), "1") << "what is over ends once";
}

TEST_P(ReplayAfterTest, F4_G1_ARepeatStillGetsTheSuccessorUntilItIsUsed) {
  const Tokens first = SignIn(NextPerson());
  const support::CallOptions id = NextRequestId();
  const std::string second = Next(0, first.refresh_token(), id);
  ASSERT_NO_FATAL_FAILURE((this->*GetParam().happens)());
  OutliveGrace();
  for (int i : {0, 1}) EXPECT_EQ(Next(i, first.refresh_token(), id), second);
  EXPECT_EQ(Reason(0, second, id), "REQUEST_ID_REUSED");
  const std::string third = Next(1, second, NextRequestId());
  EXPECT_EQ(Reason(0, first.refresh_token(), id), "REQUEST_SUPERSEDED");
  EXPECT_TRUE(IsActive(third)) << "a late repeat is no theft";
  EXPECT_EQ(Value("SELECT generation FROM sessions"), "2");
  EXPECT_EQ(Reason(0, first.refresh_token(), NextRequestId()), "TOKEN_INVALID");
  EXPECT_FALSE(IsActive(third)) << "but without the id it is";
}

INSTANTIATE_TEST_SUITE_P(
    All, ReplayAfterTest,
    ::testing::Values(Meanwhile{"ServersAreKilled", &ReplayTest::ServersAreKilled},
                      Meanwhile{"DatabaseCrashes", &ReplayTest::DatabaseCrashes},
                      Meanwhile{"RefreshKeyIsRotated", &ReplayTest::RefreshKeyIsRotated},
                      Meanwhile{"SigningKeyIsRotated", &ReplayTest::SigningKeyIsRotated},
                      Meanwhile{"OldRowsAreRemoved", &ReplayTest::OldRowsAreRemoved}),
    [](const auto& test) { return test.param.name; });

// An upsert could restore a session that cleanup removed.
TEST_F(ReplayTest, F5_TokensOfARemovedSessionBringNothingBack) {
  const Tokens first = SignIn(NextPerson());
  const support::CallOptions id = NextRequestId();
  const auto second = client(0).RefreshToken(first.refresh_token(), id).reply;
  Sql("DELETE FROM sessions");
  for (int i : {0, 1}) {
    EXPECT_EQ(Reason(i, second.refresh_token()), "TOKEN_INVALID");
    EXPECT_EQ(Reason(i, first.refresh_token(), id), "TOKEN_INVALID");
    EXPECT_FALSE(IsActive(second.refresh_token(), i));
    EXPECT_FALSE(IsActive(second.access_token(), i));
    EXPECT_TRUE(client(i).RevokeToken(second.refresh_token()).ok());
  }
  EXPECT_EQ(Value("SELECT count(*) FROM sessions"), "0");
}

// A database that was restored to an older state has an older generation than the token.
TEST_F(ReplayTest, F5_ATokenNewerThanItsRowIsRefusedAndRaisesAnAlarm) {
  const Tokens first = SignIn(NextPerson());
  const std::string second = Next(0, first.refresh_token());
  const std::string third = Next(0, second);
  Sql("UPDATE sessions SET generation = 1");
  EXPECT_EQ(Reason(0, third), "TOKEN_INVALID");
  EXPECT_TRUE(deployment_.server(0).WaitForEvent("TOKEN_FROM_FUTURE"));
  EXPECT_FALSE(IsActive(third));
  EXPECT_EQ(Count("TOKEN_REUSE"), "0");
}

}  // namespace
}  // namespace otpgate::e2e
