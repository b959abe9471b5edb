// Clocks that are set an hour forward or back. Codes and sessions live by the database's clock; a
// server whose clock is elsewhere says that it is not ready.
#include "absl/time/clock.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "tests/chaos/fake_time.h"
#include "tests/chaos/trial.h"
#include "tests/support/trials.h"

namespace otpgate::chaos {
namespace {

using testing::PgCluster;

class ClockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!FakeTime::IsInstalled()) GTEST_SKIP() << "needs the package faketime";
  }

  // Forward and back in turn.
  void Jump() { time_.Set(++jumps_ % 2 == 0 ? -absl::Hours(1) : absl::Hours(1)); }
  static void AwaitHealth(const Fleet& fleet, int server, const std::string& health) {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (fleet.client(server)->Health() != health) {
      ASSERT_LT(absl::Now(), end) << "server " << server << " is not " << health << "\n"
                                  << fleet.server(server).Log();
      absl::SleepFor(absl::Milliseconds(10));
    }
  }
  // Its programs get the environment of this one.
  std::unique_ptr<PgCluster> ClusterOnFakeTime() {
    std::vector<std::string> names;
    for (const std::string& setting : time_.Environment()) {
      const std::pair<std::string, std::string> entry =
          absl::StrSplit(setting, absl::MaxSplits('=', 1));
      setenv(entry.first.c_str(), entry.second.c_str(), 1);
      names.push_back(entry.first);
    }
    auto cluster = PgCluster::Start({.fsync = true});
    for (const std::string& name : names) unsetenv(name.c_str());
    EXPECT_TRUE(cluster.ok()) << cluster.status();
    return *std::move(cluster);
  }

  const FakeTime time_;

 private:
  int jumps_ = 0;
};

TEST_F(ClockTest, I11_AServersClockDecidesNothing) {
  Fleet fleet(testing::SharedPgCluster(), {.servers = 2, .environment = [this](int server) {
                                             return server == 0 ? time_.Environment()
                                                                : std::vector<std::string>();
                                           }});
  const auto jump = [this](const Target& target) {
    Jump();
    AwaitHealth(target.fleet, 0, "NOT_SERVING");
    LetRun(target.history, 40);
    EXPECT_EQ(target.fleet.client(1)->Health(), "SERVING");
    time_.Set(absl::ZeroDuration());
    AwaitHealth(target.fleet, 0, "SERVING");
  };
  RunTrial(fleet, jump, {.name = "server's clock set", .faults = testing::Trials(6)});
}

TEST_F(ClockTest, I11_TheDatabasesClockEndsCodesEarlyOrLateAndNothingElse) {
  const auto cluster = ClusterOnFakeTime();
  Fleet fleet(*cluster);
  const auto jump = [this](const Target& target) {
    Jump();
    for (int server : {0, 1}) AwaitHealth(target.fleet, server, "NOT_SERVING");
    LetRun(target.history, 40);
    time_.Set(absl::ZeroDuration());
    for (int server : {0, 1}) AwaitHealth(target.fleet, server, "SERVING");
  };
  RunTrial(fleet, jump,
           {.name = "database's clock set",
            .faults = testing::Trials(6),
            .check = {.honest_get_in = false}});
}

TEST_F(ClockTest, I11_ACodeLivesByTheDatabasesClock) {
  const auto cluster = ClusterOnFakeTime();
  Fleet fleet(*cluster, {.servers = 1, .flags = {"--otp.ttl=30s"}});
  testing::AuthClient& client = *fleet.client(0);
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

}  // namespace
}  // namespace otpgate::chaos
