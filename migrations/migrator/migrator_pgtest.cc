#include <gmock/gmock.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "migrations/migrator/connection.h"
#include "migrations/migrator/lock.h"
#include "migrations/migrator/migrator.h"
#include "migrations/migrator/source.h"
#include "migrations/migrator/verify.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace otpgate::migrator {
namespace {

using ::otpgate::support::IsOk;
using ::otpgate::support::StatusIs;
using support::PgCluster;
using support::PgRole;
using support::TestDatabase;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const int kFiles = static_cast<int>(EmbeddedFiles().size());

Migrator Open(const std::string& database, absl::Duration lock_timeout = absl::Seconds(30)) {
  auto connection = Connect(database);
  EXPECT_OK(connection);
  auto files = EmbeddedMigrations();
  EXPECT_OK(files);
  return Migrator(*std::move(connection), *std::move(files), lock_timeout);
}

std::string SomeSubject(int number) {
  return absl::StrCat(
      "INSERT INTO subjects (identifier, user_type, version, previous_version, failures, "
      "recent_sends,"
      " recent_resends, updated_at) VALUES ('+141555501",
      number, "', 'live', 1, 0, 0, '{}', '{}', now())");
}

TEST(MigratorTest, RowsThatCameAfterTheyWereCountedAreNotLost) {
  const support::TestDatabase database(support::TestDatabase::Schema::kEmpty);
  Migrator migrator = Open(database.Socket(support::PgRole::kSuperuser));
  ASSERT_OK(migrator.Up(1));
  const auto step = migrator.PreviewDown();
  ASSERT_OK(step);
  EXPECT_THAT(step->losses, IsEmpty());
  ASSERT_OK(database.Try(SomeSubject(10)));
  EXPECT_THAT(migrator.Down(*step, false), support::StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(database.Value("SELECT count(*) FROM subjects"), "1");
  EXPECT_OK(migrator.Down(*step, true));
}

TEST(MigratorTest, AStepIsTakenBackOnce) {
  const support::TestDatabase database;
  Migrator one = Open(database.Socket(support::PgRole::kSuperuser));
  Migrator two = Open(database.Socket(support::PgRole::kSuperuser));
  const auto step = one.PreviewDown();
  ASSERT_OK(step);
  ASSERT_OK(two.Down(*step, true));
  EXPECT_THAT(one.Down(*step, true), support::StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(one.ReadState()->version, kFiles - 1);
}

TEST(MigratorTest, TheLockIsFreedWithItsObjectAndWithTheConnection) {
  const support::TestDatabase database(support::TestDatabase::Schema::kEmpty);
  const std::string superuser = database.Socket(support::PgRole::kSuperuser);
  auto one = Connect(superuser);
  auto two = Connect(superuser);
  ASSERT_OK(one);
  ASSERT_OK(two);
  {
    Lock held(**one);
    ASSERT_OK(held.Acquire(absl::ZeroDuration()));
    EXPECT_THAT(Lock(**two).Acquire(absl::ZeroDuration()),
                support::StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  EXPECT_OK(Lock(**two).Acquire(absl::ZeroDuration()));

  Lock never_freed(**one);
  ASSERT_OK(never_freed.Acquire(absl::ZeroDuration()));
  ASSERT_OK(database.Try(
      absl::StrCat("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                   " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                   " AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')")));
  EXPECT_OK(Lock(**two).Acquire(absl::ZeroDuration()));
}

TEST(MigratorTest, ALostConnectionIsNotReplaced) {
  const support::TestDatabase database(support::TestDatabase::Schema::kEmpty);
  auto connection = Connect(database.Socket(support::PgRole::kSuperuser));
  ASSERT_OK(connection);
  EXPECT_THAT((*connection)->Run("kill", "SELECT pg_terminate_backend(pg_backend_pid())"),
              ::testing::Not(support::IsOk()));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT((*connection)->Run("after", "SELECT 1"),
                support::StatusIs(absl::StatusCode::kUnavailable));
  }
}

class EndedTransactionTest : public ::testing::TestWithParam<const char*> {
 protected:
  static Migration File(const std::string& up, const std::string& down) {
    auto file = ParseMigration(
        "V001__a.sql", absl::StrCat("-- migrate:up\n", up, "\n-- migrate:down\n", down, "\n"));
    EXPECT_OK(file);
    return *std::move(file);
  }
  Migrator With(const std::string& up, const std::string& down) {
    auto connection = Connect(database_.Socket(support::PgRole::kSuperuser));
    EXPECT_OK(connection);
    return Migrator(*std::move(connection), {File(up, down)}, absl::Seconds(30));
  }
  static void ExpectTold(const absl::Status& status) {
    EXPECT_THAT(status, support::StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(std::string(status.message()), HasSubstr("V001__a.sql"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("ended its transaction"));
  }

  const support::TestDatabase database_{support::TestDatabase::Schema::kEmpty};
};

TEST_P(EndedTransactionTest, IsToldAndNotRecorded) {
  Migrator migrator = With(absl::StrCat("CREATE TABLE a (id int); ", GetParam()), "DROP TABLE a;");
  ExpectTold(migrator.Up());
  EXPECT_EQ(migrator.ReadState()->version, 0);
}

TEST_P(EndedTransactionTest, IsToldOnTheWayDown) {
  const std::string down = absl::StrCat("SELECT 1; ", GetParam());
  Migrator migrator = With("CREATE TABLE a (id int);", down);
  ASSERT_OK(migrator.Up());
  ExpectTold(migrator.PreviewDown().status());
  ExpectTold(migrator.Down({File("CREATE TABLE a (id int);", down), {}}, true));
  EXPECT_EQ(migrator.ReadState()->version, 1);
}

INSTANTIATE_TEST_SUITE_P(Commands, EndedTransactionTest,
                         ::testing::Values("COMMIT;", "ROLLBACK;", "COMMIT; BEGIN;",
                                           "COMMIT AND CHAIN;", "END; START TRANSACTION;"));

// Roles belong to the cluster and the lock to one database, so several create the roles at once.
TEST(MigratorTest, DatabasesOfAFreshClusterMigrateAtOnce) {
  const auto cluster = support::PgCluster::Start();
  ASSERT_OK(cluster);
  constexpr int kDatabases = 4;
  std::vector<std::string> connections;
  for (int i = 0; i < kDatabases; ++i) {
    const auto name = (*cluster)->CreateEmptyDatabase();
    ASSERT_OK(name);
    connections.push_back((*cluster)->Socket(*name, support::PgRole::kSuperuser));
  }
  std::vector<absl::Status> results(kDatabases);
  std::vector<std::thread> threads;
  for (int i = 0; i < kDatabases; ++i) {
    threads.emplace_back([&, i] { results[i] = Open(connections[i]).Up(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(results, Each(support::IsOk()));
  for (const std::string& connection : connections) {
    Migrator migrator = Open(connection);
    EXPECT_EQ(migrator.ReadState()->version, kFiles);
    EXPECT_THAT(*migrator.ReadGaps(), IsEmpty());
    EXPECT_THAT(*FindPrivilegeProblems(migrator.connection()), IsEmpty());
  }
}

TEST(CheckCurrentSchemaTest, TheServerStartsOnlyOnASchemaThatFits) {
  const support::TestDatabase database;
  const std::string app = database.Socket(support::PgRole::kApp);
  EXPECT_OK(CheckCurrentSchema({.connection_string = app}));

  ASSERT_OK(
      database.Try("INSERT INTO schema_migrations (version, name, checksum) VALUES "
                   "(900, 'of_a_newer_release', repeat('0', 64))"));
  EXPECT_OK(CheckCurrentSchema({.connection_string = app}));

  ASSERT_OK(database.Try(absl::StrCat("DELETE FROM schema_migrations WHERE version >= ", kFiles)));
  const absl::Status pending = CheckCurrentSchema({.connection_string = app});
  EXPECT_THAT(pending, support::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(pending.message()), HasSubstr("otpgatectl migrate up"));

  ASSERT_OK(
      database.Try("UPDATE schema_migrations SET checksum = repeat('0', 64) WHERE version = 1"));
  const absl::Status drift = CheckCurrentSchema({.connection_string = app});
  EXPECT_THAT(drift, support::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(drift.message()), HasSubstr("V001__subjects.sql was changed"));
}

// As on a database server where nothing was migrated yet: the roles do not exist.
TEST(CheckCurrentSchemaTest, AServerWithoutTheRolesSaysWhatToRun) {
  const support::TestDatabase database(support::TestDatabase::Schema::kEmpty);
  const absl::Status bare = CheckCurrentSchema(
      {.connection_string = database.Socket(support::PgRole::kApp) + " user=not_made_yet"});
  EXPECT_THAT(bare, support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(bare.message()),
              AllOf(HasSubstr("not_made_yet"), HasSubstr("otpgatectl migrate up")));
}

TEST(CheckCurrentSchemaTest, AnEmptyDatabaseSaysWhatToRun) {
  const support::TestDatabase other;  // creates the roles in the cluster
  const support::TestDatabase database(support::TestDatabase::Schema::kEmpty);
  const absl::Status empty =
      CheckCurrentSchema({.connection_string = database.Socket(support::PgRole::kApp)});
  EXPECT_THAT(empty, support::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(empty.message()), HasSubstr("at version 0"));
  EXPECT_THAT(CheckCurrentSchema({.connection_string = "host=/nonexistent dbname=x"}),
              support::StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace otpgate::migrator
