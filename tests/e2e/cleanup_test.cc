// Cleanup of a running installation: by one server at a time, during sign-ins, and by otpgatectl.
#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "storage/postgres/store_connection.h"
#include "tests/e2e/deployment.h"
#include "tests/support/program.h"
#include "tests/support/rpc_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

using ::testing::HasSubstr;

constexpr char kOldRequests[] = R"sql(
INSERT INTO requests (scope, caller, method, request_id, fingerprint, reason, new_user, created_at)
SELECT 'live:gone' || n, 'web', 'VerifyOtp', substr(sha256(n::text::bytea), 1, 16),
       sha256(n::text::bytea) || '\x0102'::bytea, 0, false, now() - interval '2 days'
  FROM generate_series(1, $0) n ON CONFLICT DO NOTHING)sql";

constexpr char kOldRows[] = R"sql(
INSERT INTO subjects (identifier, user_type, version, previous_version, failures, recent_sends,
       recent_resends, updated_at)
SELECT 'old' || n || '@example.com', 'live', n, 0, 0, '{}', '{}', now() - interval '2 days'
  FROM generate_series(1, $0) n ON CONFLICT DO NOTHING;
INSERT INTO otp_sessions (identifier, user_type, purpose, id, code_mac, key_id, attempts, bound,
       created_at, expires_at, is_verified)
SELECT 'gone' || n || '@example.com', 'live', 'login', substr(sha256(n::text::bytea), 1, 24),
       sha256(n::text::bytea), 'k', 0, true, now() - interval '2 days', now() - interval '2 days', false
  FROM generate_series(1, $0) n ON CONFLICT DO NOTHING;
INSERT INTO sessions (user_id, id, version, generation, key_id, token_version, created_at,
       idle_expires_at, absolute_expires_at, caller, device_info, ip, amr)
SELECT substr(sha256(n::text::bytea), 1, 24), substr(sha256(n::text::bytea), 1, 24), 1, 3, 'k', 0,
       now() - interval '99 days', now() - interval '60 days', now() - interval '60 days', '', '', '', 'sms'
  FROM generate_series(1, $0) n ON CONFLICT DO NOTHING;
INSERT INTO limits (bucket, version, previous_version, tat, updated_at)
SELECT 'ip:' || n, n, 0, now() - interval '1 day', now() - interval '1 day'
  FROM generate_series(1, $0) n ON CONFLICT DO NOTHING;
INSERT INTO outbox (identifier, id, user_type, otp_id, code_mac, code_table, purpose, channel, state,
       generation, next_try_at, created_at, expires_at, finished_at)
SELECT 'gone' || n, substr(sha256(n::text::bytea), 1, 24), 'live', substr(sha256(n::text::bytea), 1, 24),
       sha256(n::text::bytea), 'signup_otps', 'login', 'sms', 'sent', 0, now() - interval '9 days',
       now() - interval '9 days', now() - interval '9 days', now() - interval '9 days'
  FROM generate_series(1, $0) n ON CONFLICT DO NOTHING)sql";

// Lets cleanup wait for a lock without a timeout.
constexpr char kNoTimeouts[] = R"sql(
DO $$ BEGIN
  EXECUTE format('ALTER ROLE otpgate_cleanup IN DATABASE %I SET statement_timeout = 0', current_database());
  EXECUTE format('ALTER ROLE otpgate_cleanup IN DATABASE %I SET lock_timeout = 0', current_database());
END $$)sql";

constexpr char kCountOldRows[] = R"sql(
SELECT (SELECT count(*) FROM signup_otps WHERE expires_at < now() - interval '1 day')
     + (SELECT count(*) FROM otp_sessions WHERE identifier LIKE 'gone%')
     + (SELECT count(*) FROM subjects WHERE user_id IS NULL AND updated_at < now() - interval '1 day')
     + (SELECT count(*) FROM sessions WHERE absolute_expires_at < now())
     + (SELECT count(*) FROM requests WHERE scope LIKE 'live:gone%')
     + (SELECT count(*) FROM limits WHERE tat < now() - interval '1 hour')
     + (SELECT count(*) FROM outbox WHERE identifier LIKE 'gone%'))sql";

class CleanupTest : public ::testing::Test {
 protected:
  static std::vector<std::string> Flags(const std::string& interval, int share = 100) {
    return {"--enable_rate_limit=false", "--cleanup.interval=" + interval, "--cleanup.lease=6s",
            absl::StrCat("--cleanup.share=", share)};
  }

  // Adds codes that expired two days ago.
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
  // Adds `rows` removable rows of each kind, codes included.
  void AddOldRows(Deployment& deployment, int rows) {
    AddOldCodes(deployment, rows);
    for (const char* sql : {kOldRequests, kOldRows}) {
      deployment.database().Query(absl::StrReplaceAll(sql, {{"$0", absl::StrCat(rows)}}));
    }
  }
  static std::string OldRequests(Deployment& deployment) {
    return deployment.database().Value(
        "SELECT count(*) FROM requests WHERE scope LIKE 'live:gone%'");
  }
  // Counts the rows that AddOldRows added, by their names.
  static std::string OldRows(Deployment& deployment) {
    return deployment.database().Value(kCountOldRows);
  }
  static int Rounds(Deployment& deployment) {
    int done = 0;
    for (int i = 0; i < deployment.servers(); ++i) {
      const std::string log = deployment.server(i).Log();
      for (size_t at = log.find("CLEANUP_DONE"); at != std::string::npos;
           at = log.find("CLEANUP_DONE", at + 1)) {
        ++done;
      }
    }
    return done;
  }
  static std::string OldCodes(Deployment& deployment) {
    return deployment.database().Value(
        "SELECT count(*) FROM signup_otps WHERE identifier LIKE 'old%'");
  }
  static std::string Holder(Deployment& deployment) {
    return deployment.database().Value(
        "SELECT split_part(coalesce(max(holder), ''), ':', 2) FROM job_leases");
  }
  static v1::VerifyOtpResponse SignIn(support::AuthClient& client, const std::string& identifier) {
    const auto asked = client.RequestOtp(identifier);
    EXPECT_TRUE(asked.ok()) << asked.message;
    const auto verified = client.VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    EXPECT_TRUE(verified.ok()) << verified.message;
    return verified.reply;
  }
  static support::ProgramResult Ctl(Deployment& deployment, std::vector<std::string> args,
                                    support::PgRole role = support::PgRole::kSuperuser) {
    args.insert(args.begin(), OTPGATECTL);
    args.insert(args.end(), {"--database", deployment.database().Socket(role)});
    return support::RunProgram(args);
  }
  static nlohmann::json Json(Deployment& deployment, std::vector<std::string> args,
                             support::PgRole role = support::PgRole::kSuperuser) {
    args.emplace_back("--json");
    const support::ProgramResult result = Ctl(deployment, std::move(args), role);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    return nlohmann::json::parse(result.out, nullptr, /*allow_exceptions=*/false);
  }
};

// When the holder of the lease is killed or stopped during a round, another server takes over; a
// stopped one that continues gives up. A locked table keeps the round from ending before.
TEST_F(CleanupTest, J4_AHolderIsLostInTheMiddleOfARound) {
  for (const int signal : {SIGSTOP, SIGKILL}) {
    SCOPED_TRACE(signal);
    std::vector<std::string> flags = Flags("1s");
    flags.emplace_back("--database.answer_timeout=1m");
    Deployment deployment(
        {.servers = 2, .flags = flags, .prepare = [](const support::TestDatabase& database) {
           database.Query(kNoTimeouts);
         }});
    storage::postgres::StoreConnection locker(
        {.connection_string = deployment.database().Socket(support::PgRole::kSuperuser)});
    ASSERT_OK(locker.Begin());
    ASSERT_OK(locker.Run({"lock", "LOCK TABLE otp_sessions IN ACCESS EXCLUSIVE MODE"}, {},
                         [](storage::postgres::RowReader&) {}));
    AddOldCodes(deployment, 100);
    deployment.database().Query(absl::StrReplaceAll(kOldRequests, {{"$0", "100"}}));
    ASSERT_TRUE(support::Eventually([&] { return OldCodes(deployment) == "0"; }));
    const int lost = Holder(deployment) == absl::StrCat(deployment.server(0).pid()) ? 0 : 1;
    deployment.server(lost).Signal(signal);
    EXPECT_EQ(OldRequests(deployment), "100");
    locker.Rollback();
    ASSERT_TRUE(support::Eventually([&] { return OldRequests(deployment) == "0"; }));
    ASSERT_TRUE(deployment.server(1 - lost).WaitForEvent("CLEANUP_DONE"));
    EXPECT_EQ(Holder(deployment), absl::StrCat(deployment.server(1 - lost).pid()));
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
  constexpr int kRounds = 3;
  for (int round = 1; round <= kRounds; ++round) {
    AddOldCodes(deployment, 10);
    ASSERT_TRUE(support::Eventually([&] { return Rounds(deployment) >= round; }));
    EXPECT_EQ(Rounds(deployment), round) << "each row is removed, and told of, once";
  }
}

// While rounds run without a pause, users sign in, from before the first round until after the
// last: no live row is lost, and no call fails.
TEST_F(CleanupTest, J1_J2_LoginsGoOn) {
  Deployment deployment({.servers = 2, .flags = Flags("1s")});
  constexpr int kRounds = 3;
  constexpr int kPeopleMax = 20'000;
  const int64_t fewest = support::Trials(60);
  std::vector<v1::VerifyOtpResponse> signed_in;
  int people = 0;
  for (; people < kPeopleMax && (people < fewest || Rounds(deployment) < kRounds); ++people) {
    AddOldRows(deployment, 50);
    const std::string identifier = absl::StrCat("p", people, "@example.com");
    support::AuthClient& client = deployment.client(people);
    signed_in.push_back(SignIn(client, identifier));
    // An old identifier signs in again while its rows may be removed.
    signed_in.push_back(SignIn(client, absl::StrCat("old", people % 50 + 1, "@example.com")));
    const auto asked = client.RequestOtp(identifier);
    EXPECT_EQ(
        client
            .VerifyOtp(asked.reply.handle(), support::WrongCode(asked.reply.development_code(), 1))
            .attempts_remaining,
        4);
  }
  EXPECT_GE(Rounds(deployment), kRounds);
  ASSERT_TRUE(support::Eventually([&] { return OldRows(deployment) == "0"; }));
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
  Deployment deployment({.servers = 1, .flags = {"--cleanup.enabled=false"}});
  AddOldCodes(deployment, 30);
  SignIn(deployment.client(), "test@example.com");
  EXPECT_THAT(Ctl(deployment, {"cleanup", "status"}).out, HasSubstr("no round was ever made"));
  EXPECT_EQ(Json(deployment, {"cleanup", "run", "--dry-run"})["at_rest"]["signup_otps"], 30);
  EXPECT_EQ(OldCodes(deployment), "30");
  const auto run = Json(deployment, {"cleanup", "run"}, support::PgRole::kCleanup);
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
      " held_until = now() + interval '5 minutes'");
  const support::ProgramResult busy = Ctl(deployment, {"cleanup", "run"});
  EXPECT_EQ(busy.exit_code, 5);
  EXPECT_THAT(busy.err, HasSubstr("web-1:7:00 is cleaning up since "));
  EXPECT_THAT(Ctl(deployment, {"cleanup", "status"}).out, HasSubstr("running: web-1:7:00"));
}

// A locked table keeps the round running until another process takes over.
TEST_F(CleanupTest, AnAdminHearsWhoTookOver) {
  Deployment deployment({.servers = 1, .flags = {"--cleanup.enabled=false"}});
  const support::TempFolder folder;
  const std::string config = folder.Write("ctl.toml", "[cleanup]\nlease = \"1s\"\nshare = 1\n");
  storage::postgres::StoreConnection holder(
      {.connection_string = deployment.database().Socket(support::PgRole::kSuperuser)});
  ASSERT_OK(holder.Begin());
  ASSERT_OK(
      holder.Run({"lock", "LOCK TABLE signup_otps"}, {}, [](storage::postgres::RowReader&) {}));
  std::thread taker([&] {
    EXPECT_TRUE(support::Eventually([&] {
      return deployment.database().Value(
                 "WITH taken AS (UPDATE job_leases SET holder = 'web-1:7:00',"
                 " held_until = now() + interval '5 minutes'"
                 " WHERE holder LIKE 'otpgatectl:%' RETURNING 1) SELECT count(*) FROM taken") ==
             "1";
    }));
  });
  const support::ProgramResult run =
      Ctl(deployment, {"--config", config, "cleanup", "run"}, support::PgRole::kCleanup);
  taker.join();
  EXPECT_EQ(run.exit_code, 5) << run.err;
  EXPECT_THAT(run.err, HasSubstr("web-1:7:00 is cleaning up since "));
}

}  // namespace
}  // namespace otpgate::e2e
