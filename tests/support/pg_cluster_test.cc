#include "tests/support/pg_cluster.h"

#include <gtest/gtest.h>

#include "migrations/migrator/connection.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace otpgate::support {
namespace {

TEST(PgClusterTest, EachTestHasItsOwnMigratedDatabase) {
  const TestDatabase one;
  const TestDatabase two;
  EXPECT_NE(one.name(), two.name());
  const std::string insert = "INSERT INTO limits VALUES ('ip:192.0.2.1/32', 1, 0, now(), now())";
  EXPECT_OK(one.Try(insert, PgRole::kApp));
  EXPECT_EQ(one.Value("SELECT count(*) FROM limits"), "1");
  EXPECT_EQ(two.Value("SELECT count(*) FROM limits"), "0");
}

TEST(PgClusterTest, ADatabaseIsGoneWithItsObject) {
  std::string name;
  { name = TestDatabase(TestDatabase::Schema::kEmpty).name(); }
  const TestDatabase other(TestDatabase::Schema::kEmpty);
  EXPECT_EQ(other.Value("SELECT count(*) FROM pg_database WHERE datname = '" + name + "'"), "0");
}

TEST(PgClusterTest, EveryRoleSignsInByBothWays) {
  const TestDatabase database;
  const std::pair<PgRole, std::string> users[] = {{PgRole::kOwner, "otpgate_owner"},
                                                  {PgRole::kMigrator, "otpgate_migrator"},
                                                  {PgRole::kApp, "otpgate_app"},
                                                  {PgRole::kCleanup, "otpgate_cleanup"},
                                                  {PgRole::kReadonly, "otpgate_readonly"}};
  for (const auto& [role, user] : users) {
    EXPECT_EQ(database.Value("SELECT current_user", role), user);
    const auto connection = migrator::Connect(database.Tcp(role));
    ASSERT_OK(connection);
    EXPECT_EQ((*connection)->Query("who", "SELECT current_user")->at(0).at(0), user);
  }
}

TEST(PgClusterTest, TheSuperuserComesBySocketOnly) {
  const TestDatabase database(TestDatabase::Schema::kEmpty);
  EXPECT_EQ(database.Value("SELECT current_user"), "postgres");
  EXPECT_THAT(migrator::Connect(database.Tcp(PgRole::kSuperuser)),
              StatusIs(absl::StatusCode::kUnavailable));
}

std::string Ask(const PgCluster& cluster, const std::string& sql) {
  const auto connection = migrator::Connect(cluster.Socket("postgres", PgRole::kSuperuser));
  if (!connection.ok()) return connection.status().ToString();
  const auto rows = (*connection)->Query(sql, sql);
  if (!rows.ok()) return rows.status().ToString();
  return rows->empty() ? "" : rows->at(0).at(0);
}

TEST(PgClusterTest, SettingsAndRowsHoldAcrossRestartAndCrash) {
  const auto cluster = PgCluster::Start({.fsync = true, .settings = {{"work_mem", "3MB"}}});
  ASSERT_OK(cluster);
  EXPECT_EQ(Ask(**cluster, "SHOW fsync"), "on");
  EXPECT_EQ(Ask(**cluster, "SHOW work_mem"), "3MB");

  ASSERT_OK((*cluster)->Restart({{"log_statement", "all"}}));
  EXPECT_EQ(Ask(**cluster, "SHOW log_statement"), "all");
  EXPECT_EQ(Ask(**cluster, "SHOW work_mem"), "3MB");

  EXPECT_EQ(Ask(**cluster, "CREATE TABLE kept ()"), "");
  (*cluster)->KillPostmaster();
  EXPECT_THAT(Ask(**cluster, "SELECT 1"), ::testing::HasSubstr("UNAVAILABLE"));
  ASSERT_OK((*cluster)->Launch());
  EXPECT_EQ(Ask(**cluster, "SELECT to_regclass('kept') IS NOT NULL"), "t");
}

}  // namespace
}  // namespace otpgate::support
