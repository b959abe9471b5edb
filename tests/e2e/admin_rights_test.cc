// Which role may use which command of otpgatectl, and the audit of commands that only read.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"
#include "tests/support/program.h"

namespace otpgate::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPerson[] = "test@example.com";

class AdminRightsTest : public ::testing::Test {
 protected:
  AdminRightsTest() {
    const auto asked = deployment_.client().RequestOtp(kPerson);
    const auto verified =
        deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    EXPECT_TRUE(verified.ok()) << verified.message;
    user_ = verified.reply.user().id();
  }

  support::ProgramResult Ctl(support::PgRole role, std::vector<std::string> args) {
    args.insert(args.begin(), OTPGATECTL);
    args.insert(args.end(), {"--by", "ann", "--database", deployment_.database().Socket(role)});
    return support::RunProgram(args);
  }
  void Works(support::PgRole role, const std::vector<std::string>& args) {
    const support::ProgramResult result = Ctl(role, args);
    EXPECT_EQ(result.exit_code, 0) << args[0] << ' ' << args[1] << ": " << result.err;
  }
  // The refusal names the role that may.
  void IsRefused(support::PgRole role, const std::vector<std::string>& args, const char* may) {
    const support::ProgramResult result = Ctl(role, args);
    EXPECT_EQ(result.exit_code, 1) << args[0] << ' ' << args[1] << ": " << result.out;
    EXPECT_THAT(result.err, HasSubstr(may)) << args[0] << ' ' << args[1];
    EXPECT_THAT(result.out, Not(HasSubstr(kPerson)));
  }
  void ChangesAccountsAndAddsKeys(support::PgRole role) {
    Works(role, {"otps", "list"});
    Works(role, {"otps", "delete", kPerson});
    Works(role, {"unlock", kPerson});
    Works(role, {"users", "show", kPerson, "--reveal", "ticket 7"});
    Works(role, {"users", "disable", user_, "--yes"});
    Works(role, {"users", "enable", user_});
    Works(role, {"sessions", "list", kPerson});
    Works(role, {"force-logout", "--user", user_});
    Works(role, {"force-logout", "--all", "--yes"});
    Works(role, {"keys", "list"});
    Works(role, {"keys", "rotate", "--master-key-file", deployment_.keys().Path("master")});
  }
  std::string Value(const std::string& sql) { return deployment_.database().Value(sql); }
  std::string Kid() { return Value("SELECT kid FROM signing_keys ORDER BY active_from LIMIT 1"); }

  Deployment deployment_{{.servers = 1, .flags = {"--enable_rate_limit=false"}}};
  std::string user_;
};

TEST_F(AdminRightsTest, I13_TheServersRoleDoesAllButTheAuditAndTheEndOfKeys) {
  ChangesAccountsAndAddsKeys(support::PgRole::kApp);
  IsRefused(support::PgRole::kApp, {"audit", "list"}, "otpgate_owner");
  IsRefused(support::PgRole::kApp, {"keys", "retire", Kid(), "--yes"}, "otpgate_owner");
  IsRefused(support::PgRole::kApp, {"keys", "destroy", Kid(), "--yes"}, "otpgate_owner");
  EXPECT_EQ(Value("SELECT count(*) FROM signing_keys WHERE revoked_at IS NULL"), "2");
}

TEST_F(AdminRightsTest, I13_TheOwnerDoesEverything) {
  ChangesAccountsAndAddsKeys(support::PgRole::kOwner);
  Works(support::PgRole::kOwner, {"audit", "list", kPerson});
  const std::string kid = Kid();
  Works(support::PgRole::kOwner, {"keys", "retire", kid, "--yes"});
  Works(support::PgRole::kOwner, {"keys", "destroy", kid, "--yes"});
}

TEST_F(AdminRightsTest, I13_ReadersLookAndSeeNoIdentifier) {
  const std::string before = Value("SELECT count(*) FROM audit_events");
  for (const std::vector<std::string>& look :
       std::vector<std::vector<std::string>>{{"otps", "list"},
                                             {"users", "show", kPerson},
                                             {"sessions", "list", kPerson},
                                             {"keys", "list"},
                                             {"audit", "list", kPerson}}) {
    Works(support::PgRole::kReadonly, look);
  }
  IsRefused(support::PgRole::kReadonly, {"users", "show", kPerson, "--reveal", "curious"},
            "otpgate_app");
  IsRefused(support::PgRole::kReadonly, {"users", "disable", user_, "--yes"}, "otpgate_app");
  IsRefused(support::PgRole::kReadonly, {"unlock", kPerson}, "otpgate_app");
  EXPECT_EQ(Value("SELECT count(*) FROM audit_events"), before);
}

TEST_F(AdminRightsTest, I13_CleanupIsForItsRoleAndTheOwner) {
  for (const support::PgRole role :
       {support::PgRole::kCleanup, support::PgRole::kOwner, support::PgRole::kSuperuser}) {
    Works(role, {"cleanup", "run", "--dry-run"});
    Works(role, {"cleanup", "run"});
    Works(role, {"cleanup", "status"});
  }
  Works(support::PgRole::kReadonly, {"cleanup", "status"});
  Works(support::PgRole::kReadonly, {"cleanup", "run", "--dry-run"});
  IsRefused(support::PgRole::kReadonly, {"cleanup", "run"}, "otpgate_cleanup");
  IsRefused(support::PgRole::kApp, {"cleanup", "run"}, "otpgate_cleanup");
  IsRefused(support::PgRole::kCleanup, {"users", "disable", user_, "--yes"}, "otpgate_app");
}

TEST_F(AdminRightsTest, EachLookIsAuditedOnceWithoutTheIdentifier) {
  for (const std::vector<std::string>& look : std::vector<std::vector<std::string>>{
           {"otps", "list"},
           {"users", "show", kPerson},
           {"users", "show", user_, "--reveal", "ticket 7"},
           {"sessions", "list", user_},
           {"keys", "list"},
           {"keys", "list", "--of", "pepper", "--key-file", deployment_.keys().Path("pepper")},
           {"audit", "list", kPerson}}) {
    Works(support::PgRole::kSuperuser, look);
  }
  EXPECT_EQ(Ctl(support::PgRole::kSuperuser, {"users", "show", "14155550123"}).exit_code, 2);
  const pg::Rows rows = deployment_.database().Query(
      "SELECT event || ' ' || caller || ' ' || detail FROM audit_events WHERE scope = 'admin' "
      "ORDER BY at");
  std::vector<std::string> events;
  for (const pg::Row& row : rows) events.push_back(row[0]);
  EXPECT_THAT(events, ::testing::ElementsAre(
                          "ADMIN_LOOKED otpgatectl:ann otps list",
                          "ADMIN_LOOKED otpgatectl:ann users show t***@e***.com",
                          absl::StrCat("IDENTIFIERS_REVEALED otpgatectl:ann users show ", user_,
                                       ": ticket 7"),
                          absl::StrCat("ADMIN_LOOKED otpgatectl:ann sessions list ", user_),
                          "ADMIN_LOOKED otpgatectl:ann keys list --of signing",
                          "ADMIN_LOOKED otpgatectl:ann keys list --of pepper",
                          "ADMIN_LOOKED otpgatectl:ann audit list t***@e***.com",
                          "ADMIN_LOOKED otpgatectl:ann users show 1415****123"));
}

TEST_F(AdminRightsTest, ALookThatCannotBeAuditedShowsNothing) {
  deployment_.database().Query("ALTER TABLE audit_events ADD CHECK (event <> 'ADMIN_LOOKED')");
  const support::ProgramResult look = Ctl(support::PgRole::kSuperuser, {"users", "show", user_});
  EXPECT_EQ(look.exit_code, 1);
  EXPECT_EQ(look.out, "");
}

TEST_F(AdminRightsTest, TheHelpTellsTheRoles) {
  const support::ProgramResult help = support::RunProgram({OTPGATECTL, "--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* role : {"otpgate_owner", "otpgate_app", "otpgate_cleanup", "otpgate_readonly"}) {
    EXPECT_THAT(help.out, HasSubstr(role));
  }
}

}  // namespace
}  // namespace otpgate::e2e
