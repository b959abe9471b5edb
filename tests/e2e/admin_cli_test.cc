// otpgatectl beside a running service: what admins see and change, and the audit of it.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"
#include "tests/support/program.h"
#include "tests/support/rpc_server.h"

namespace otpgate::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AdminCliTest : public ::testing::Test {
 protected:
  support::ProgramResult Ctl(std::vector<std::string> args,
                             const support::ProgramOptions& options = {}) {
    args.insert(args.begin(), OTPGATECTL);
    args.insert(args.end(),
                {"--database", deployment_.database().Socket(support::PgRole::kSuperuser)});
    return support::RunProgram(args, options);
  }
  nlohmann::json Json(std::vector<std::string> args) {
    args.emplace_back("--json");
    const support::ProgramResult result = Ctl(std::move(args));
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    return nlohmann::json::parse(result.out);
  }
  v1::VerifyOtpResponse SignIn(const std::string& identifier) {
    const auto asked = deployment_.client().RequestOtp(identifier);
    const auto verified =
        deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    EXPECT_TRUE(verified.ok()) << verified.message;
    return verified.reply;
  }
  bool IsActive(const std::string& token) {
    return deployment_.client().IntrospectToken(token).reply.active();
  }
  void Sql(const std::string& sql) { deployment_.database().Query(sql); }
  static std::string HeaderOf(const std::string& jws) {
    std::string header;
    EXPECT_TRUE(absl::WebSafeBase64Unescape(jws.substr(0, jws.find('.')), &header));
    return header;
  }
  std::string EventsNamed(const std::string& event) {
    return deployment_.database().Value(
        absl::StrCat("SELECT count(*) FROM audit_events WHERE event = '", event,
                     "' AND caller LIKE 'otpgatectl:%'"));
  }

  Deployment deployment_{{.servers = 1, .flags = {"--enable_rate_limit=false"}}};
};

TEST_F(AdminCliTest, ListsPendingCodesMaskedAndNeverACode) {
  const auto asked = deployment_.client().RequestOtp("test@example.com");
  const support::ProgramResult list = Ctl({"otps", "list"});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr("t***@e***.com"));
  EXPECT_THAT(list.out, Not(HasSubstr(asked.reply.development_code())));
  EXPECT_THAT(list.out, Not(HasSubstr("test@example.com")));
  const auto revealed = Json({"otps", "list", "--reveal", "ticket 7", "--by", "ann"});
  EXPECT_EQ(revealed["otps"][0]["identifier"], "test@example.com");
  EXPECT_EQ(deployment_.database().Value("SELECT caller || ' ' || detail FROM audit_events WHERE "
                                         "event = 'IDENTIFIERS_REVEALED'"),
            "otpgatectl:ann otps list: ticket 7");
}

TEST_F(AdminCliTest, DeletedCodesAreDead) {
  const auto asked = deployment_.client().RequestOtp("test@example.com");
  EXPECT_TRUE(Json({"otps", "delete", "test@example.com"})["changed"]);
  EXPECT_FALSE(Json({"otps", "delete", "test@example.com"})["changed"]);
  EXPECT_FALSE(Json({"otps", "delete", "test@example.com", "--demo"})["changed"]);
  EXPECT_EQ(
      deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code()).reason,
      "OTP_INVALID");
  EXPECT_EQ(EventsNamed("OTP_DELETED"), "1");
}

TEST_F(AdminCliTest, B5_UnlockingOpensADisabledIdentifier) {
  const auto asked = deployment_.client().RequestOtp("test@example.com");
  deployment_.database().Query("UPDATE subjects SET failures = 100, disabled_at = now()");
  const auto verify = [&] {
    return deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
  };
  EXPECT_EQ(verify().reason, "OTP_INVALID");
  EXPECT_TRUE(Json({"unlock", "test@example.com"})["changed"]);
  EXPECT_TRUE(verify().ok());
  EXPECT_FALSE(Json({"unlock", "test@example.com"})["changed"]);
  EXPECT_EQ(EventsNamed("SUBJECT_UNLOCKED"), "1");
}

TEST_F(AdminCliTest, F8_ADisabledAccountIsSignedOutUntilItIsEnabled) {
  const auto tokens = SignIn("test@example.com");
  EXPECT_EQ(Ctl({"users", "disable", "test@example.com"}).exit_code, 1) << "nobody was asked";
  EXPECT_TRUE(IsActive(tokens.access_token()));
  EXPECT_TRUE(Json({"users", "disable", tokens.user().id(), "--yes"})["changed"]);
  EXPECT_FALSE(IsActive(tokens.access_token()));
  const auto asked = deployment_.client().RequestOtp("test@example.com");
  EXPECT_EQ(
      deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code()).reason,
      "ACCOUNT_DISABLED");
  EXPECT_EQ(Json({"users", "show", "test@example.com"})["user"]["status"], "disabled");
  EXPECT_TRUE(Json({"users", "enable", "test@example.com"})["changed"]);
  EXPECT_FALSE(IsActive(tokens.access_token()));
  SignIn("test@example.com");
  EXPECT_EQ(EventsNamed("USER_DISABLED") + EventsNamed("USER_ENABLED"), "11");
}

TEST_F(AdminCliTest, SessionsAreListedAndRevoked) {
  const auto one = SignIn("test@example.com");
  const auto two = SignIn("test@example.com");
  const auto list = Json({"sessions", "list", "test@example.com"})["sessions"];
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0]["id"], two.session_id());
  EXPECT_EQ(list[0]["state"], "active");
  EXPECT_TRUE(Json({"sessions", "revoke", "test@example.com", one.session_id()})["changed"]);
  EXPECT_FALSE(IsActive(one.access_token()));
  EXPECT_TRUE(IsActive(two.access_token()));
  EXPECT_EQ(Json({"sessions", "list", "test@example.com"})["sessions"][1]["state"],
            "revoked: admin");
}

TEST_F(AdminCliTest, ForcedLogoutOfOneAndOfAll) {
  const auto one = SignIn("one@example.com");
  const auto two = SignIn("two@example.com");
  EXPECT_TRUE(Json({"force-logout", "--user", "one@example.com"})["changed"]);
  EXPECT_FALSE(IsActive(one.refresh_token()));
  EXPECT_TRUE(IsActive(two.refresh_token()));
  EXPECT_EQ(Ctl({"force-logout", "--all"}).exit_code, 1) << "nobody was asked";
  EXPECT_TRUE(IsActive(two.refresh_token()));
  const support::ProgramResult asked =
      Ctl({"force-logout", "--all"}, {.input = "everybody\n", .terminal = true});
  EXPECT_EQ(asked.exit_code, 0) << asked.err;
  EXPECT_FALSE(IsActive(two.refresh_token()));
  EXPECT_TRUE(IsActive(SignIn("two@example.com").refresh_token()));
  EXPECT_EQ(EventsNamed("ALL_SESSIONS_REVOKED") + EventsNamed("SESSIONS_REVOKED"), "11");
}

TEST_F(AdminCliTest, TheAuditTellsWhatHappenedToSomebody) {
  const auto tokens = SignIn("test@example.com");
  SignIn("other@example.com");
  ASSERT_TRUE(deployment_.client().RevokeToken(tokens.refresh_token()).ok());
  const auto events = Json({"audit", "list", "test@example.com"})["events"];
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]["event"], "SESSION_REVOKED");
  EXPECT_EQ(events[0]["about"], "user:" + tokens.user().id());
  EXPECT_EQ(events[1]["event"], "SIGNUP_OTP_VERIFIED");
  EXPECT_EQ(events[2]["about"], "live:t***@e***.com");
  EXPECT_EQ(Json({"audit", "list", "--limit", "2"})["events"].size(), 2u);
}

// A new key is published before it signs, and no call fails; a retired key is refused within
// seconds.
TEST_F(AdminCliTest, E9_M4_SigningKeysRotateAndRetire) {
  const std::string master = deployment_.keys().Path("master");
  const auto first = SignIn("test@example.com");
  const std::string old_kid = Json({"keys", "list"})["keys"][0]["kid"];
  const std::string new_kid = Json({"keys", "rotate", "--master-key-file", master})["kid"];
  EXPECT_EQ(Ctl({"keys", "rotate", "--master-key-file", master}).exit_code, 1) << "one at a time";
  const auto published = [&](const std::string& kid) {
    const auto jwks = deployment_.client().GetJwks().reply;
    return std::any_of(jwks.keys().begin(), jwks.keys().end(),
                       [&](const v1::Jwk& key) { return key.kid() == kid; });
  };
  ASSERT_TRUE(support::Eventually([&] { return published(new_kid); }));
  EXPECT_TRUE(published(old_kid));
  EXPECT_EQ(Json({"keys", "list"})["keys"][0]["state"], "next");
  // Lets time pass.
  Sql("UPDATE signing_keys SET active_from = now() - interval '1 s' WHERE kid = '" + new_kid + "'");
  ASSERT_TRUE(support::Eventually([&] {
    EXPECT_TRUE(IsActive(first.access_token())) << "not one failed call";
    return absl::StrContains(HeaderOf(SignIn("other@example.com").access_token()), new_kid);
  }));
  EXPECT_EQ(Ctl({"keys", "destroy", old_kid, "--yes"}).exit_code, 1) << "its tokens live";
  EXPECT_EQ(Ctl({"keys", "retire", old_kid, "--yes"}).exit_code, 0);
  EXPECT_TRUE(support::Eventually([&] { return !IsActive(first.access_token()); }));
  EXPECT_FALSE(published(old_kid));
  EXPECT_EQ(Ctl({"keys", "retire", new_kid, "--yes"}).exit_code, 0);
  EXPECT_TRUE(support::Eventually([&] { return !published(new_kid); }))
      << "another one took its place";
  EXPECT_TRUE(IsActive(SignIn("test@example.com").access_token()));
  EXPECT_EQ(Ctl({"keys", "destroy", old_kid, "--yes"}).exit_code, 0);
}

// A signing key that the servers cannot open would stop all sign-ins once it should sign.
TEST_F(AdminCliTest, E9_ASigningKeyNeedsTheMasterKeyOfTheServers) {
  const support::ProgramResult refused =
      Ctl({"keys", "rotate", "--master-key-file", deployment_.keys().Path("pepper")});
  EXPECT_EQ(refused.exit_code, 1) << refused.out;
  EXPECT_THAT(refused.err, HasSubstr("does not open"));
  EXPECT_EQ(Json({"keys", "list"})["keys"].size(), 1u);
  EXPECT_EQ(EventsNamed("SIGNING_KEY_ADDED"), "0");
}

TEST_F(AdminCliTest, I13_ASigningKeyThatCannotBeAuditedIsNotAdded) {
  Sql("ALTER TABLE audit_events ADD CHECK (event <> 'SIGNING_KEY_ADDED')");
  const std::string master = deployment_.keys().Path("master");
  EXPECT_EQ(Ctl({"keys", "rotate", "--master-key-file", master}).exit_code, 1);
  EXPECT_EQ(Json({"keys", "list"})["keys"].size(), 1u);
}

TEST_F(AdminCliTest, BadInputIsToldAndChangesNothing) {
  EXPECT_EQ(Ctl({"users", "show", "nobody"}).exit_code, 2);
  EXPECT_EQ(Ctl({"users", "show", "nobody@example.com"}).exit_code, 1);
  EXPECT_EQ(Ctl({"unlock", "nobody"}).exit_code, 2);
  EXPECT_EQ(Ctl({"force-logout"}).exit_code, 2);
  EXPECT_EQ(Ctl({"sessions", "revoke", "nobody@example.com", "x"}).exit_code, 1);
  EXPECT_EQ(Ctl({"otps", "list", "--limit", "0"}).exit_code, 2);
  EXPECT_EQ(
      support::RunProgram({OTPGATECTL, "otps", "list", "--database", "host=/nowhere"}).exit_code,
      6);
  EXPECT_EQ(deployment_.database().Value("SELECT count(*) FROM subjects"), "0");
}

}  // namespace
}  // namespace otpgate::e2e
