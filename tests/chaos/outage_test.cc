// The database is unavailable for a while, under load.
#include <gtest/gtest.h>

#include "tests/chaos/trial.h"
#include "tests/support/contend.h"
#include "tests/support/trials.h"

namespace otpgate::chaos {
namespace {

using support::PgCluster;

// The database starts again only after all these calls are answered, so a call that waited for it
// would run into its deadline.
void ExpectRefusals(const Fleet& fleet) {
  support::Contend(4 * fleet.size(), [&](int caller) {
    const auto answer = fleet.client(caller)->RequestOtp("somebody@example.com");
    EXPECT_EQ(answer.reason, "UNAVAILABLE") << answer.message;
  });
}

// No server is started again, so AwaitServing fails if one has ended.
void Outage(const Target& target) {
  const Fleet& fleet = target.fleet;
  fleet.cluster().Stop();
  for (int i = 0; i < fleet.size(); ++i) {
    EXPECT_TRUE(fleet.AwaitHealth(i, "NOT_SERVING")) << fleet.server(i).Log();
  }
  ExpectRefusals(fleet);
  LetRun(target.history, 40);
  const absl::Status launched = fleet.cluster().Launch();
  ASSERT_TRUE(launched.ok()) << launched;
  for (int i = 0; i < fleet.size(); ++i) {
    EXPECT_TRUE(fleet.AwaitServing(i)) << fleet.server(i).Log();
  }
}

TEST(OutageTest, O5_CallsAreRefusedWithoutTheDatabaseAndNoServerEnds) {
  const auto cluster = support::PgCluster::Start({.fsync = true});
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  Fleet fleet(**cluster);
  RunTrial(fleet, Outage, {.name = "database away", .faults = support::Trials(4)});
}

}  // namespace
}  // namespace otpgate::chaos
