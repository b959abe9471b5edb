// Cleanup of a running installation: one server at a time, while people sign in, and by hand.
#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"
#include "tests/support/program.h"
#include "tests/support/rpc_server.h"
#include "tests/support/trials.h"

namespace otpgate::testing {
namespace {

using ::testing::HasSubstr;

class CleanupTest : public ::testing::Test {
 protected:
  static std::vector<std::string> Flags(const std::string& interval, int share = 100) {
    return {"--enable_rate_limit=false", "--cleanup.interval=" + interval, "--cleanup.lease=3s",
            absl::StrCat("--cleanup.share=", share)};
  }

  // Codes that expired two days ago.
  void AddOldCodes(Deployment& deployment, int codes) {
    deployment.database().Query(absl::StrCat(
        "INSERT INTO signup_otps (identifier, user_type, purpose, id, code_mac, key_id, attempts,"
        " bound, created_at, expires_at, is_verified)"
        " SELECT 'old' || n || '@example.com', 'live', 'login', substr(sha256(n::text::bytea), 1, "
        "24),"
        " sha256(n::text::bytea), 'k', 0, true, now() - interval '2 days',"
        " now() - interval '2 days', false FROM generate_series(1, ",
        codes, ") AS n ON CONFLICT DO NOTHING"));
  }
  static std::string OldCodes(Deployment& deployment) {
    return deployment.database().Value(
        "SELECT count(*) FROM signup_otps WHERE identifier LIKE 'old%'");
  }
  static std::string Holder(Deployment& deployment) {
    return deployment.database().Value(
        "SELECT split_part(coalesce(max(holder), ''), ':', 2) FROM job_leases");
  }
  static v1::VerifyOtpResponse SignIn(AuthClient& client, const std::string& identifier) {
    const auto asked = client.RequestOtp(identifier);
    EXPECT_TRUE(asked.ok()) << asked.message;
    const auto verified = client.VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    EXPECT_TRUE(verified.ok()) << verified.message;
    return verified.reply;
  }
  static ProgramResult Ctl(Deployment& deployment, std::vector<std::string> args,
                           PgRole role = PgRole::kSuperuser) {
    args.insert(args.begin(), OTPGATECTL);
    args.insert(args.end(), {"--database", deployment.database().Socket(role)});
    return RunProgram(args);
  }
  static nlohmann::json Json(Deployment& deployment, std::vector<std::string> args,
                             PgRole role = PgRole::kSuperuser) {
    args.emplace_back("--json");
    const ProgramResult result = Ctl(deployment, std::move(args), role);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    return nlohmann::json::parse(result.out, nullptr, /*allow_exceptions=*/false);
  }
};

// Whoever dies or freezes in the middle of a round is followed, and one that thaws gives up.
TEST_F(CleanupTest, J4_AHolderIsLostInTheMiddleOfARound) {
  constexpr int kCodes = 6000;
  for (const int signal : {SIGSTOP, SIGKILL}) {
    SCOPED_TRACE(signal);
    Deployment deployment({.servers = 2, .flags = Flags("1s", /*share=*/20)});
    AddOldCodes(deployment, kCodes);
    ASSERT_TRUE(Eventually([&] { return OldCodes(deployment) != absl::StrCat(kCodes); }));
    const int lost = Holder(deployment) == absl::StrCat(deployment.server(0).pid()) ? 0 : 1;
    deployment.server(lost).Signal(signal);
    EXPECT_NE(OldCodes(deployment), "0");
    ASSERT_TRUE(Eventually([&] { return OldCodes(deployment) == "0"; }));
    EXPECT_EQ(Holder(deployment), absl::StrCat(deployment.server(1 - lost).pid()));
    ASSERT_TRUE(deployment.server(1 - lost).WaitForEvent("CLEANUP_DONE"));
    EXPECT_FALSE(absl::StrContains(deployment.server(1 - lost).Log(), "CLEANUP_FAILED"));
    SignIn(deployment.client(1 - lost), "test@example.com");
    if (signal == SIGKILL) {
      deployment.server(lost).Wait();
      continue;
    }
    deployment.server(lost).Signal(SIGCONT);
    ASSERT_TRUE(deployment.server(lost).WaitForEvent("CLEANUP_DONE"));
    EXPECT_THAT(deployment.server(lost).Log(), HasSubstr(R"("complete":false)"));
    SignIn(deployment.client(lost), "another@example.com");
  }
}

TEST_F(CleanupTest, J4_OneRoundPerIntervalOverAllServers) {
  Deployment deployment({.servers = 3, .flags = Flags("1s")});
  const auto rounds = [&] {
    int done = 0;
    for (int i = 0; i < deployment.servers(); ++i) {
      const std::string log = deployment.server(i).Log();
      for (size_t at = log.find("CLEANUP_DONE"); at != std::string::npos;
           at = log.find("CLEANUP_DONE", at + 1)) {
        ++done;
      }
    }
    return done;
  };
  constexpr int kRounds = 3;
  for (int round = 1; round <= kRounds; ++round) {
    AddOldCodes(deployment, 10);
    ASSERT_TRUE(Eventually([&] { return rounds() >= round; }));
    EXPECT_EQ(rounds(), round) << "each row is removed, and told of, once";
  }
}

// Nothing that lives is lost, and no call fails, while rounds follow each other at once.
TEST_F(CleanupTest, J1_J2_LoginsGoOn) {
  Deployment deployment({.servers = 2, .flags = Flags("1s")});
  const int64_t people = Trials(60);
  std::vector<v1::VerifyOtpResponse> signed_in;
  for (int64_t i = 0; i < people; ++i) {
    AddOldCodes(deployment, 50);
    const std::string identifier = absl::StrCat("p", i, "@example.com");
    AuthClient& client = deployment.client(static_cast<int>(i));
    signed_in.push_back(SignIn(client, identifier));
    // An old identifier comes back at the moment its row may go.
    SignIn(client, absl::StrCat("old", i % 50 + 1, "@example.com"));
    const auto asked = client.RequestOtp(identifier);
    EXPECT_EQ(client.VerifyOtp(asked.reply.handle(), WrongCode(asked.reply.development_code(), 1))
                  .attempts_remaining,
              4);
  }
  ASSERT_TRUE(Eventually([&] {
    return deployment.database().Value(
               "SELECT count(*) FROM signup_otps WHERE expires_at <"
               " now() - interval '24 h'") == "0";
  }));
  for (const auto& one : signed_in) {
    EXPECT_TRUE(deployment.client().RefreshToken(one.refresh_token()).ok());
  }
  EXPECT_EQ(deployment.database().Value("SELECT count(*) FROM subjects WHERE failures = 1"),
            absl::StrCat(people));
  for (int i = 0; i < deployment.servers(); ++i) {
    EXPECT_FALSE(absl::StrContains(deployment.server(i).Log(), "CLEANUP_FAILED"));
  }
}

TEST_F(CleanupTest, AnAdminCountsRunsAndLooks) {
  Deployment deployment({.servers = 1, .flags = Flags("1h")});
  AddOldCodes(deployment, 30);
  SignIn(deployment.client(), "test@example.com");
  EXPECT_THAT(Ctl(deployment, {"cleanup", "status"}).out, HasSubstr("no round was ever made"));
  EXPECT_EQ(Json(deployment, {"cleanup", "run", "--dry-run"})["at_rest"]["signup_otps"], 30);
  EXPECT_EQ(OldCodes(deployment), "30");
  const auto run = Json(deployment, {"cleanup", "run"}, PgRole::kCleanup);
  EXPECT_EQ(run["removed"]["signup_otps"], 30);
  EXPECT_EQ(run["removed"]["sessions"], 0);
  EXPECT_EQ(run["complete"], true);
  EXPECT_EQ(OldCodes(deployment), "0");
  const auto status = Json(deployment, {"cleanup", "status"});
  EXPECT_THAT(status["holder"].get<std::string>(), HasSubstr("otpgatectl:"));
  EXPECT_EQ(status["running"], false);
  EXPECT_EQ(status["result"]["removed"]["signup_otps"], 30);
  EXPECT_EQ(status["at_rest"]["signup_otps"], 0);

  deployment.database().Query(
      "UPDATE job_leases SET holder = 'web-1:7:00',"
      " held_until = now() + interval '1 hour'");
  const ProgramResult busy = Ctl(deployment, {"cleanup", "run"});
  EXPECT_EQ(busy.exit_code, 5);
  EXPECT_THAT(busy.err, HasSubstr("web-1:7:00 is cleaning up since "));
  EXPECT_THAT(Ctl(deployment, {"cleanup", "status"}).out, HasSubstr("running: web-1:7:00"));
}

}  // namespace
}  // namespace otpgate::testing
