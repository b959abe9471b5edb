// Kills, freezes and disconnects servers and their database while people sign in.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/chaos/faults.h"
#include "tests/chaos/trial.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/trials.h"

namespace otpgate::chaos {
namespace {

using support::PgCluster;
using support::PgRole;
using support::TestDatabase;
using support::Trials;

struct Scenario {
  const char* name;  // of the test, after the ids of the requirements that it proves
  const char* summary;
  int servers;
  int64_t faults;
  Fault fault;
  std::string isolation = "read committed";
};

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

std::unique_ptr<support::PgCluster> NewCluster(const std::string& isolation) {
  auto cluster = support::PgCluster::Start(
      {.fsync = true, .settings = {{"default_transaction_isolation", isolation}}});
  EXPECT_TRUE(cluster.ok()) << cluster.status();
  return *std::move(cluster);
}

class ChaosTest : public ::testing::TestWithParam<Scenario> {};

TEST_P(ChaosTest, EveryHistoryCanBeExplained) {
  const Scenario& scenario = GetParam();
  const auto cluster = NewCluster(scenario.isolation);
  Fleet fleet(*cluster, {.servers = scenario.servers});
  RunTrial(fleet, scenario.fault,
           {.name = scenario.summary, .faults = support::Trials(scenario.faults)});
}

const Scenario kScenarios[] = {
    {"B7_G1_I2_KilledServers", "server killed", 2, 8, KillServer},
    {"G1_I2_FrozenServers", "server frozen", 3, 5, FreezeServer},
    {"I3_KilledBackends", "backend killed", 2, 3, KillBackend},
    {"I5_I6_TerminatedBackends", "backends terminated", 2, 10, TerminateBackends},
    {"I6_FrozenBackends", "backend frozen", 2, 4, FreezeBackend},
    {"B7_I2_I3_KilledPostmaster", "postmaster killed", 3, 4, KillPostmaster},
    {"I5_LockedRows", "rows locked by others", 2, 4, LockRows},
    {"I5_LockedRowsSerializable", "rows locked by others, serializable", 2, 4, LockRows,
     "serializable"},
};

INSTANTIATE_TEST_SUITE_P(Faults, ChaosTest, ::testing::ValuesIn(kScenarios),
                         [](const auto& scenario) { return std::string(scenario.param.name); });

// Cuts and pauses connections between the servers and their database.
TEST(ChaosNetworkTest, G1_I5_I6_CutConnections) {
  const auto cluster = NewCluster("read committed");
  support::TcpProxy proxy(cluster->SocketPath(), support::Framing::kPostgres);
  Fleet fleet(*cluster,
              {.servers = 2, .connection = [&proxy](const support::TestDatabase& database) {
                 return database.Via(proxy.port(), support::PgRole::kApp);
               }});
  const auto cut = [&proxy](const Target& target) {
    switch (target.choices() % 3) {
      case 0: {  // loses an answer, often the one to a COMMIT
        const auto lost = proxy.Add({.direction = support::Direction::kToClient,
                                     .number = static_cast<int>(target.choices() % 20) + 1});
        target.missed += !lost->WaitFired();
        break;
      }
      case 1:
        proxy.CutAll();
        break;
      default:
        proxy.Pause();
        LetRun(target.history, 3);
        proxy.CutAll();
        proxy.Resume();
    }
  };
  RunTrial(fleet, cut, {.name = "network cut", .faults = support::Trials(15)});
}

}  // namespace
}  // namespace otpgate::chaos
