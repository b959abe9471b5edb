// After each way to end a session, no call on either server accepts its tokens or lists it, while
// other sessions go on.
#include <algorithm>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/admin_program.h"
#include "tests/e2e/sessions_fixture.h"

namespace otpgate::e2e {
namespace {

// The sessions that an event ends.
enum class Reach { kSession, kAccount, kEverybody };

class SessionEndsTest;
struct Ending {
  const char* name;
  Reach reach;
  std::function<void(SessionEndsTest& t)> run;
};

void PrintTo(const Ending& ending, std::ostream* out) { *out << ending.name; }

class SessionEndsTest : public SessionsFixture, public ::testing::WithParamInterface<Ending> {
 public:
  void Admin(std::vector<std::string> args) { AdminProgram(deployment_).Run(std::move(args)); }
  void Revoke(const std::string& token) { EXPECT_TRUE(client(0).RevokeToken(token).ok()); }
  void RevokeByNeighbour() {
    const support::CallOptions bearer = Bearer(neighbour_.access_token());
    EXPECT_TRUE(client(0).RevokeSession(one_.session_id(), bearer).ok());
  }
  void RevokeAll() {
    EXPECT_TRUE(client(0).RevokeAllSessions(Bearer(neighbour_.access_token())).ok());
  }
  void Replay() {
    Sql("UPDATE sessions SET rotated_at = rotated_at - interval '1 min'");
    EXPECT_EQ(client(0).RefreshToken(one_.refresh_token()).reason, "TOKEN_INVALID");
  }
  // Lets time pass for one session.
  void Outlive(const std::string& end) {
    Change("UPDATE sessions SET " + end + " = clock_timestamp()", one_);
  }
  void Change(const std::string& sql, const Tokens& tokens) {
    std::string id;
    EXPECT_TRUE(absl::WebSafeBase64Unescape(tokens.session_id(), &id));
    Sql(absl::StrCat(sql, " WHERE id = '\\x", absl::BytesToHexString(id), "'"));
  }
  // Ends the sessions of the key with which all refresh tokens were made.
  void DestroyTheRefreshKey() {
    const std::string file = deployment_.keys().Path("refresh");
    const auto keys = [&](const std::string& what, std::vector<std::string> more) {
      std::vector<std::string> args = {"keys", what, "--of", "refresh", "--key-file", file};
      args.insert(args.end(), more.begin(), more.end());
      Admin(args);
      ++key_changes_;
      for (int i : {0, 1}) {
        ASSERT_TRUE(deployment_.server(i).WaitForEvent("KEY_FILES_LOADED", key_changes_));
      }
    };
    keys("rotate", {"--in", "0s"});
    keys("retire", {"k1", "--yes"});
    keys("destroy", {"k1", "--yes"});
  }
  const Tokens& one() const { return one_; }
  const std::string& user() const { return one_.user().id(); }

 protected:
  SessionEndsTest()
      : SessionsFixture({.servers = 2,
                         .flags = {"--enable_rate_limit=false", "--database.health_interval=100ms",
                                   "--secrets.reload_interval=100ms"}}) {
    const std::string person = NextPerson();
    one_ = SignIn(person);
    neighbour_ = SignIn(person);
    stranger_ = SignIn(NextPerson());
    next_ = client(0).RefreshToken(one_.refresh_token()).reply;
    for (const std::string& token : TokensOfOne()) EXPECT_TRUE(IsActive(token));
  }

  // The replaced refresh token is within its grace period.
  std::vector<std::string> TokensOfOne() const {
    return {one_.access_token(), next_.access_token(), one_.refresh_token(), next_.refresh_token()};
  }

  void ExpectNothingLeft(int server) {
    SCOPED_TRACE(server);
    support::AuthClient& c = client(server);
    const std::string unknown = c.IntrospectToken("unknown").reply.SerializeAsString();
    for (const std::string& token : TokensOfOne()) {
      const auto answer = c.IntrospectToken(token);
      EXPECT_TRUE(answer.ok());
      EXPECT_EQ(answer.reply.SerializeAsString(), unknown);
    }
    for (const std::string& token : {one_.refresh_token(), next_.refresh_token()}) {
      const auto answer = c.RefreshToken(token);
      EXPECT_EQ(answer.reason, "TOKEN_INVALID");
      EXPECT_EQ(answer.status_bytes, c.RefreshToken("unknown").status_bytes);
    }
    for (const std::string& token : {one_.access_token(), next_.access_token()}) {
      const support::CallOptions bearer = Bearer(token);
      EXPECT_EQ(c.GetCurrentUser(bearer).reason, "UNAUTHENTICATED");
      EXPECT_EQ(c.GetCurrentUser(bearer).status_bytes,
                c.GetCurrentUser(Bearer("unknown")).status_bytes);
      EXPECT_EQ(c.ListSessions(bearer).reason, "UNAUTHENTICATED");
      EXPECT_EQ(c.RevokeSession(neighbour_.session_id(), bearer).reason, "UNAUTHENTICATED");
      const support::CodeRequest attach{.identifier = "new@example.com",
                                        .purpose = v1::PURPOSE_VERIFY_EMAIL};
      EXPECT_EQ(c.RequestOtp(attach, bearer).reason, "UNAUTHENTICATED");
    }
  }
  void ExpectAlive(const Tokens& tokens, bool alive) {
    EXPECT_EQ(IsActive(tokens.access_token()), alive);
    EXPECT_EQ(IsActive(tokens.refresh_token()), alive);
    const auto list = client(1).ListSessions(Bearer(tokens.access_token()));
    EXPECT_EQ(list.ok(), alive);
    EXPECT_EQ(std::count_if(list.reply.sessions().begin(), list.reply.sessions().end(),
                            [&](const v1::Session& s) { return s.id() == one_.session_id(); }),
              0);
  }

  Tokens one_, neighbour_, stranger_;
  v1::RefreshTokenResponse next_;
  int key_changes_ = 0;
};

TEST_P(SessionEndsTest, F6_F7_E12_NothingIsLeftOfASessionThatEnded) {
  ASSERT_NO_FATAL_FAILURE(GetParam().run(*this));
  for (int server : {0, 1}) ExpectNothingLeft(server);
  ExpectAlive(neighbour_, GetParam().reach == Reach::kSession);
  ExpectAlive(stranger_, GetParam().reach != Reach::kEverybody);
  for (const std::string& token : TokensOfOne()) Revoke(token);
  for (int server : {0, 1}) ExpectNothingLeft(server);
}

const Ending kEndings[] = {
    {"Logout", Reach::kSession, [](auto& t) { t.Revoke(t.one().refresh_token()); }},
    {"LogoutByAccessToken", Reach::kSession, [](auto& t) { t.Revoke(t.one().access_token()); }},
    {"RevokedByAnotherDevice", Reach::kSession, [](auto& t) { t.RevokeByNeighbour(); }},
    {"RevokedByAdmin", Reach::kSession,
     [](auto& t) {
       t.Admin({"sessions", "revoke", t.user(), t.one().session_id()});
     }},
    {"Reuse", Reach::kSession, [](auto& t) { t.Replay(); }},
    {"Idle", Reach::kSession, [](auto& t) { t.Outlive("idle_expires_at"); }},
    {"Absolute", Reach::kSession, [](auto& t) { t.Outlive("absolute_expires_at"); }},
    {"Removed", Reach::kSession, [](auto& t) { t.Change("DELETE FROM sessions", t.one()); }},
    {"RevokeAllSessions", Reach::kAccount, [](auto& t) { t.RevokeAll(); }},
    {"DisabledByAdmin", Reach::kAccount,
     [](auto& t) {
       t.Admin({"users", "disable", t.user(), "--yes"});
     }},
    {"ForcedLogout", Reach::kAccount,
     [](auto& t) {
       t.Admin({"force-logout", "--user", t.user()});
     }},
    {"ForcedLogoutOfAll", Reach::kEverybody,
     [](auto& t) {
       t.Admin({"force-logout", "--all", "--yes"});
     }},
    {"RefreshKeyDestroyed", Reach::kEverybody, [](auto& t) { t.DestroyTheRefreshKey(); }},
};

INSTANTIATE_TEST_SUITE_P(All, SessionEndsTest, ::testing::ValuesIn(kEndings),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace otpgate::e2e
