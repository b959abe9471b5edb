// Servers and their database are killed, frozen and cut off while people sign in.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/chaos/faults.h"
#include "tests/chaos/trial.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/trials.h"

namespace otpgate::chaos {
namespace {

using testing::PgCluster;
using testing::PgRole;
using testing::TestDatabase;
using testing::Trials;

struct Weather {
  const char* name;  // with the rows it proves
  const char* summary;
  int servers;
  int64_t faults;
  Fault fault;
  std::string isolation = "read committed";
};

void PrintTo(const Weather& weather, std::ostream* out) { *out << weather.name; }

std::unique_ptr<PgCluster> NewCluster(const std::string& isolation) {
  auto cluster =
      PgCluster::Start({.fsync = true, .settings = {{"default_transaction_isolation", isolation}}});
  EXPECT_TRUE(cluster.ok()) << cluster.status();
  return *std::move(cluster);
}

class ChaosTest : public ::testing::TestWithParam<Weather> {};

TEST_P(ChaosTest, EveryHistoryCanBeExplained) {
  const Weather& weather = GetParam();
  const auto cluster = NewCluster(weather.isolation);
  Fleet fleet(*cluster, {.servers = weather.servers});
  RunTrial(fleet, weather.fault, {.name = weather.summary, .faults = Trials(weather.faults)});
}

const Weather kWeather[] = {
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

INSTANTIATE_TEST_SUITE_P(Faults, ChaosTest, ::testing::ValuesIn(kWeather),
                         [](const auto& weather) { return std::string(weather.param.name); });

// The network between the servers and their database.
TEST(ChaosNetworkTest, G1_I5_I6_CutConnections) {
  const auto cluster = NewCluster("read committed");
  testing::TcpProxy proxy(cluster->SocketPath(), testing::Framing::kPostgres);
  Fleet fleet(*cluster, {.servers = 2, .connection = [&proxy](const TestDatabase& database) {
                           return database.Via(proxy.port(), PgRole::kApp);
                         }});
  const auto cut = [&proxy](const Target& target) {
    switch (target.dice() % 3) {
      case 0: {  // an answer is lost, often the one to a COMMIT
        const auto lost = proxy.Add({.direction = testing::Direction::kToClient,
                                     .number = static_cast<int>(target.dice() % 20) + 1});
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
  RunTrial(fleet, cut, {.name = "network cut", .faults = Trials(15)});
}

}  // namespace
}  // namespace otpgate::chaos
