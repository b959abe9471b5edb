// Sets clocks an hour forward or back. Codes and sessions expire by the database's clock; a server
// whose own clock differs from it reports that it is not ready.
#include <gmock/gmock.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "tests/chaos/fake_time.h"
#include "tests/chaos/trial.h"
#include "tests/support/metrics_page.h"
#include "tests/support/program.h"
#include "tests/support/trials.h"

namespace otpgate::chaos {
namespace {

using support::PgCluster;

class ClockTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(FakeTime::IsInstalled()) << "needs the package faketime"; }

  // Sets the clock forward and back in turn.
  void Jump() { time_.Set(++jumps_ % 2 == 0 ? -absl::Hours(1) : absl::Hours(1)); }
  // The programs of a cluster inherit the environment of this process, so it holds the fake clock
  // while the cluster starts.
  std::unique_ptr<support::PgCluster> ClusterOnFakeTime() {
    std::vector<std::string> names;
    for (const std::string& setting : time_.Environment()) {
      const std::pair<std::string, std::string> entry =
          absl::StrSplit(setting, absl::MaxSplits('=', 1));
      setenv(entry.first.c_str(), entry.second.c_str(), 1);
      names.push_back(entry.first);
    }
    auto cluster = support::PgCluster::Start({.fsync = true});
    for (const std::string& name : names) unsetenv(name.c_str());
    EXPECT_TRUE(cluster.ok()) << cluster.status();
    return *std::move(cluster);
  }

  const FakeTime time_;

 private:
  int jumps_ = 0;
};

TEST_F(ClockTest, I11_AServersClockDecidesNothing) {
  Fleet fleet(support::SharedPgCluster(), {.servers = 2, .environment = [this](int server) {
                                             return server == 0 ? time_.Environment()
                                                                : std::vector<std::string>();
                                           }});
  const auto jump = [this](const Target& target) {
    Jump();
    EXPECT_TRUE(target.fleet.AwaitHealth(0, "NOT_SERVING"));
    LetRun(target.history, 40);
    EXPECT_EQ(target.fleet.client(1)->Health(), "SERVING");
    time_.Set(absl::ZeroDuration());
    EXPECT_TRUE(target.fleet.AwaitServing(0));
  };
  RunTrial(fleet, jump, {.name = "server's clock set", .faults = support::Trials(6)});
}

// People sign in at one server and then call the one whose clock is wrong.
TEST_F(ClockTest, I11_TokensLiveByTheDatabasesClock) {
  Fleet fleet(support::SharedPgCluster(), {.environment = [this](int server) {
                return server == 0 ? time_.Environment() : std::vector<std::string>();
              }});
  const auto wrong = fleet.client(0);
  const auto right = fleet.client(1);
  for (int i = 0; i < 2; ++i) {
    Jump();
    EXPECT_TRUE(fleet.AwaitHealth(0, "NOT_SERVING"));
    const std::string person = absl::StrCat("p", i, "@example.com");
    const auto asked = right->RequestOtp(person);
    const auto tokens = right->VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    ASSERT_TRUE(tokens.ok()) << tokens.message;
    const support::CallOptions bearer{.authorization =
                                          absl::StrCat("Bearer ", tokens.reply.access_token())};
    EXPECT_EQ(wrong->GetCurrentUser(bearer).reply.user().email(), person);
    EXPECT_TRUE(wrong->IntrospectToken(tokens.reply.access_token()).reply.active());
    EXPECT_TRUE(wrong->RevokeToken(tokens.reply.access_token()).ok());
    EXPECT_EQ(right->RefreshToken(tokens.reply.refresh_token()).reason, "TOKEN_INVALID");
    EXPECT_EQ(right->GetCurrentUser(bearer).reason, "UNAUTHENTICATED");
  }
}

TEST_F(ClockTest, I11_TheDatabasesClockEndsCodesEarlyOrLateAndNothingElse) {
  const auto cluster = ClusterOnFakeTime();
  Fleet fleet(*cluster);
  const auto jump = [this](const Target& target) {
    Jump();
    for (int server : {0, 1}) EXPECT_TRUE(target.fleet.AwaitHealth(server, "NOT_SERVING"));
    LetRun(target.history, 40);
    time_.Set(absl::ZeroDuration());
    for (int server : {0, 1}) EXPECT_TRUE(target.fleet.AwaitServing(server));
  };
  RunTrial(fleet, jump,
           {.name = "database's clock set",
            .faults = support::Trials(6),
            .check = {.honest_get_in = false}});
}

TEST_F(ClockTest, I11_ACodeLivesByTheDatabasesClock) {
  const auto cluster = ClusterOnFakeTime();
  Fleet fleet(*cluster, {.servers = 1, .flags = {"--otp.ttl=30s"}});
  support::AuthClient& client = *fleet.client(0);
  const auto works_after = [&](const std::string& person, absl::Duration begin,
                               absl::Duration end) {
    time_.Set(begin);
    const auto asked = client.RequestOtp(person);
    EXPECT_TRUE(asked.ok()) << asked.message;
    time_.Set(end);
    return client.VerifyOtp(asked.reply.handle(), asked.reply.development_code()).reason;
  };
  const absl::Duration life = absl::Seconds(31);
  EXPECT_EQ(works_after("a@example.com", absl::ZeroDuration(), life), "OTP_INVALID");
  EXPECT_EQ(works_after("b@example.com", absl::ZeroDuration(), -absl::Hours(1)), "");
  EXPECT_EQ(works_after("c@example.com", -absl::Hours(1), life - absl::Hours(1)), "OTP_INVALID");
  EXPECT_EQ(works_after("d@example.com", absl::ZeroDuration(), absl::Hours(1)), "OTP_INVALID");
}

// The clock is so far ahead that by it cleanup would remove every row.
TEST_F(ClockTest, I11_NothingIsCleanedUpWhileTheDatabasesClockIsElsewhere) {
  const auto cluster = ClusterOnFakeTime();
  Fleet fleet(*cluster,
              {.servers = 2, .flags = {"--cleanup.interval=1s", "--metrics.address=127.0.0.1:0"}});
  support::AuthClient& client = *fleet.client(0);
  const auto asked =
      client.RequestOtp("a@example.com", {.request_id = "7f1d3c2e-9a4b-4c5d-8e6f-0123456789ab"});
  const auto verified = client.VerifyOtp(asked.reply.handle(), asked.reply.development_code());
  ASSERT_TRUE(verified.ok()) << verified.message;
  const auto pending = client.RequestOtp("b@example.com");
  const auto rows = [&fleet] {
    return fleet.database().Value(
        "SELECT concat_ws(' ', (SELECT count(*) FROM subjects), (SELECT count(*) FROM sessions),"
        " (SELECT count(*) FROM requests), (SELECT count(*) FROM signup_otps))");
  };
  const std::string before = rows();
  EXPECT_EQ(before, "2 1 1 2");
  time_.Set(absl::Hours(24 * 60));
  for (int server : {0, 1}) {
    EXPECT_TRUE(fleet.AwaitHealth(server, "NOT_SERVING"));
    support::MetricsPage(fleet.server(server))
        .ExpectAbove("otpgate_cleanup_rounds_total{outcome=\"held_back\"}", 2);
  }
  const support::ProgramResult by_hand =
      support::RunProgram({OTPGATECTL, "cleanup", "run", "--database",
                           fleet.database().Socket(support::PgRole::kCleanup)});
  EXPECT_EQ(by_hand.exit_code, 4);
  EXPECT_THAT(by_hand.err, ::testing::HasSubstr("ahead of that of this machine"));
  EXPECT_EQ(rows(), before);
  time_.Set(absl::ZeroDuration());
  for (int server : {0, 1}) EXPECT_TRUE(fleet.AwaitServing(server));
  EXPECT_TRUE(client.RefreshToken(verified.reply.refresh_token()).ok());
  EXPECT_TRUE(client.VerifyOtp(pending.reply.handle(), pending.reply.development_code()).ok());
}

}  // namespace
}  // namespace otpgate::chaos
