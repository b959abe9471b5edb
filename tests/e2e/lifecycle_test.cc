// How a server starts and stops, and how it behaves while its database is unreachable.
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/deployment.h"
#include "tests/support/contend.h"
#include "tests/support/tcp_proxy.h"

namespace otpgate::e2e {
namespace {

constexpr char kWatchful[] = "--database.health_interval=100ms";
constexpr char kPerson[] = "test@example.com";

class LifecycleTest : public ::testing::Test {
 protected:
  // A server that reaches its database through `proxy_`.
  Deployment::Options OneServer(std::vector<std::string> flags = {}) {
    flags.emplace_back(kWatchful);
    return {.servers = 1,
            .flags = std::move(flags),
            .prepare = {},
            .connection = [this](const support::TestDatabase& database, int) {
              return database.Via(proxy_.port(), support::PgRole::kApp);
            }};
  }
  void CutDatabase() {
    proxy_.Refuse(true);
    proxy_.CutAll();
  }

  support::TcpProxy proxy_{support::SharedPgCluster().SocketPath(), support::Framing::kPostgres};
};

TEST_F(LifecycleTest, SigtermAnswersWhatWasAcceptedAndEndsWithZero) {
  Deployment deployment(OneServer());
  support::ServerProcess& server = deployment.server(0);
  const auto asked = deployment.client().RequestOtp(kPerson);
  const auto commit =
      proxy_.Add({.action = support::ProxyAction::kHold, .match = support::PgQuery("COMMIT")});
  support::Answer<v1::VerifyOtpResponse> answer;
  std::thread call([&] {
    answer = deployment.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
  });
  ASSERT_TRUE(commit->WaitFired());
  server.Signal(SIGTERM);
  EXPECT_TRUE(server.WaitForEvent("STOPPING"));
  commit->Release();
  call.join();
  EXPECT_TRUE(answer.ok()) << answer.message;
  EXPECT_EQ(server.Wait(), 0);
  EXPECT_TRUE(server.WaitForEvent("STOPPED"));
  EXPECT_EQ(deployment.database().Value("SELECT count(*) FROM sessions"), "1");
}

// Load balancers see NOT_SERVING first; calls are accepted until the delay is over.
TEST_F(LifecycleTest, SigtermReportsNotServingBeforeItRefuses) {
  Deployment deployment(OneServer({"--listen.drain_delay=1m"}));
  deployment.server(0).Signal(SIGTERM);
  ASSERT_TRUE(deployment.server(0).WaitForEvent("STOPPING"));
  while (deployment.client().Health() == "SERVING") {
  }
  EXPECT_EQ(deployment.client().Health(), "NOT_SERVING");
  EXPECT_TRUE(deployment.client().RequestOtp(kPerson).ok());
}

TEST_F(LifecycleTest, DatabaseAwayAtTheStartIsWaitedFor) {
  const support::TestDatabase database;
  const support::KeyFiles keys;
  const support::TempFolder folder;
  proxy_.Refuse(true);
  std::vector<std::string> flags = support::DevelopmentFlags(
      database.Via(proxy_.port(), support::PgRole::kApp), keys, folder.Path("messages.jsonl"));
  flags.emplace_back(kWatchful);
  support::ServerProcess server(flags);
  ASSERT_TRUE(server.WaitForEvent("DATABASE_UNAVAILABLE") && server.WaitForEvent("LISTENING"));
  support::AuthClient client(server.port());
  EXPECT_EQ(client.Health(), "NOT_SERVING");
  EXPECT_EQ(client.RequestOtp(kPerson).reason, "UNAVAILABLE");
  EXPECT_EQ(client.GetJwks().reason, "UNAVAILABLE");
  proxy_.Refuse(false);
  ASSERT_TRUE(server.WaitForEvent("DATABASE_AVAILABLE"));
  EXPECT_EQ(client.Health(), "SERVING");
  EXPECT_TRUE(client.RequestOtp(kPerson).ok());
}

TEST_F(LifecycleTest, D9_WhileTheDatabaseIsAwayCallsAreRefusedAtOnceAndNothingIsSent) {
  Deployment deployment(OneServer());
  support::AuthClient& client = deployment.client();
  const auto asked = client.RequestOtp(kPerson);
  ASSERT_TRUE(asked.ok());
  CutDatabase();
  ASSERT_TRUE(deployment.server(0).WaitForEvent("DATABASE_UNAVAILABLE"));
  EXPECT_EQ(client.Health(), "NOT_SERVING");
  const absl::Time before = absl::Now();
  EXPECT_EQ(client.RequestOtp("other@example.com").reason, "UNAVAILABLE");
  EXPECT_EQ(client.ResendOtp(asked.reply.handle()).reason, "UNAVAILABLE");
  EXPECT_EQ(client.VerifyOtp(asked.reply.handle(), asked.reply.development_code()).reason,
            "UNAVAILABLE");
  EXPECT_LT(absl::Now() - before, absl::Seconds(10)) << "must not wait for the deadline";
  proxy_.Refuse(false);
  ASSERT_TRUE(deployment.server(0).WaitForEvent("DATABASE_AVAILABLE", 2));
  EXPECT_EQ(client.Health(), "SERVING");
  EXPECT_TRUE(client.VerifyOtp(asked.reply.handle(), asked.reply.development_code()).ok());
  EXPECT_EQ(deployment.database().Value("SELECT count(*) FROM outbox"), "1");
}

// The connections to the database stay open, but nothing answers.
TEST_F(LifecycleTest, D9_AFrozenDatabaseHoldsUpNeitherCallsNorTheEnd) {
  Deployment deployment(OneServer({"--database.answer_timeout=1s"}));
  support::AuthClient& client = deployment.client();
  ASSERT_TRUE(client.RequestOtp(kPerson).ok());
  proxy_.Pause();
  EXPECT_EQ(client.RequestOtp("other@example.com").reason, "UNAVAILABLE");
  ASSERT_TRUE(deployment.server(0).WaitForEvent("DATABASE_UNAVAILABLE"));
  EXPECT_EQ(client.Health(), "NOT_SERVING");
  proxy_.Resume();
  ASSERT_TRUE(deployment.server(0).WaitForEvent("DATABASE_AVAILABLE", 2));
  EXPECT_TRUE(client.RequestOtp("other@example.com").ok());
  proxy_.Pause();
  ASSERT_TRUE(deployment.server(0).WaitForEvent("DATABASE_UNAVAILABLE", 2));
  deployment.server(0).Signal(SIGTERM);
  EXPECT_EQ(deployment.server(0).Wait(), 0);
}

// Other calls in the same batch as an unreadable row are answered.
TEST_F(LifecycleTest, ARowThatNobodyUnderstandsHoldsUpNobodyElse) {
  Deployment deployment(OneServer());
  ASSERT_TRUE(deployment.client().RequestOtp(kPerson).ok());
  deployment.database().Query("ALTER TABLE signup_otps DROP CONSTRAINT signup_otps_purpose_known");
  deployment.database().Query("UPDATE signup_otps SET purpose = 'strange'");
  support::Contend(16, [&](int i) {
    const std::string person = i == 0 ? kPerson : absl::StrCat("p", i, "@example.com");
    EXPECT_EQ(deployment.client().RequestOtp(person).reason, i == 0 ? "INTERNAL" : "");
  });
  EXPECT_TRUE(deployment.server(0).WaitForEvent("ROW_NOT_UNDERSTOOD"));
}

TEST_F(LifecycleTest, I3_ACrashOfTheDatabaseIsSurvivedWithoutAHand) {
  const auto cluster = support::PgCluster::Start({.fsync = true});
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  Deployment deployment({.servers = 2, .flags = {kWatchful}}, **cluster);
  const auto asked = deployment.client(0).RequestOtp(kPerson);
  const std::string& code = asked.reply.development_code();
  EXPECT_EQ(deployment.client(1).VerifyOtp(asked.reply.handle(), support::WrongCode(code)).reason,
            "OTP_INVALID");
  (*cluster)->KillPostmaster();
  for (int i : {0, 1}) ASSERT_TRUE(deployment.server(i).WaitForEvent("DATABASE_UNAVAILABLE"));
  ASSERT_TRUE((*cluster)->Launch().ok());
  for (int i : {0, 1}) ASSERT_TRUE(deployment.server(i).WaitForEvent("DATABASE_AVAILABLE", 2));
  EXPECT_EQ(deployment.client(0)
                .VerifyOtp(asked.reply.handle(), support::WrongCode(code, 1))
                .attempts_remaining,
            3);
  EXPECT_TRUE(deployment.client(1).VerifyOtp(asked.reply.handle(), code).ok());
}

TEST_F(LifecycleTest, ASchemaThatDoesNotFitIsRefusedWithWhatToRun) {
  const support::TestDatabase empty(support::TestDatabase::Schema::kEmpty);
  const support::KeyFiles keys;
  const support::TempFolder folder;
  support::ServerProcess server(
      support::DevelopmentFlags(empty.Socket(support::PgRole::kApp), keys, folder.Path("m")));
  EXPECT_EQ(server.Wait(), 1);
  EXPECT_TRUE(absl::StrContains(server.Log(), "otpgatectl migrate up")) << server.Log();
  EXPECT_EQ(empty.Value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0")
      << "the server never migrates";
}

}  // namespace
}  // namespace otpgate::e2e
