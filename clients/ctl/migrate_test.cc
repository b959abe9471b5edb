// otpgatectl as admins and scripts use it: the built program against a real PostgreSQL.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "migrations/migrator/connection.h"
#include "migrations/migrator/lock.h"
#include "migrations/migrator/source.h"
#include "tests/support/program.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace otpgate::ctl {
namespace {

using support::PgRole;
using support::ProgramOptions;
using support::ProgramResult;
using support::RunProgram;
using support::TestDatabase;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const size_t kFiles = migrator::EmbeddedFiles().size();

class MigrateTest : public ::testing::Test {
 protected:
  MigrateTest() : folder_(::testing::TempDir() + "/otpgate_ctl_XXXXXX") {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
  }
  ~MigrateTest() override { std::filesystem::remove_all(folder_); }

  static support::ProgramResult Ctl(std::vector<std::string> args,
                                    const support::ProgramOptions& options = {}) {
    args.insert(args.begin(), OTPGATECTL);
    return support::RunProgram(args, options);
  }
  support::ProgramResult Migrate(std::vector<std::string> args,
                                 const support::ProgramOptions& options = {}) {
    args.insert(args.begin(), "migrate");
    args.insert(args.end(), {"--database", database_.Socket(support::PgRole::kSuperuser)});
    return Ctl(args, options);
  }
  nlohmann::json MigrateJson(std::vector<std::string> args) {
    args.push_back("--json");
    const support::ProgramResult result = Migrate(args);
    nlohmann::json object = nlohmann::json::parse(result.out);
    EXPECT_EQ(object["exit_code"], result.exit_code);
    EXPECT_THAT(result.err, IsEmpty());
    return object;
  }
  void WriteFile(const std::string& name, const std::string& up, const std::string& down) {
    std::ofstream(folder_ + "/" + name) << "-- migrate:up\n"
                                        << up << "\n-- migrate:down\n"
                                        << down << "\n";
  }
  // V001 makes a table, V002 adds a column.
  void WriteTwoFiles() {
    WriteFile("V001__one.sql", "CREATE TABLE one (a integer);", "DROP TABLE one;");
    WriteFile("V002__two.sql", "ALTER TABLE one ADD COLUMN b integer;",
              "ALTER TABLE one DROP COLUMN b;");
  }
  std::string Tables() {
    return database_.Value(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = "
        "'r'");
  }

  const support::TestDatabase database_{support::TestDatabase::Schema::kEmpty};
  std::string folder_;
};

TEST_F(MigrateTest, UpAppliesEverythingAndAgainNothing) {
  const support::ProgramResult first = Migrate({"up"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("applied V001__subjects.sql\n"));
  EXPECT_THAT(first.out, HasSubstr(absl::StrCat("the schema is at version ", kFiles, "\n")));
  EXPECT_EQ(Migrate({"up"}).out, absl::StrCat("the schema is at version ", kFiles, "\n"));
  EXPECT_EQ(Migrate({"status"}).exit_code, 0);
  const support::ProgramResult verified = Migrate({"verify"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

TEST_F(MigrateTest, UpStopsWhereItIsTold) {
  EXPECT_THAT(MigrateJson({"up", "--to", "2"})["applied"],
              ElementsAre("V001__subjects.sql", "V002__signup_otps.sql"));
  const nlohmann::json status = MigrateJson({"status"});
  EXPECT_EQ(status["exit_code"], 3);
  EXPECT_EQ(status["version"], 2);
  EXPECT_THAT(status["applied"], SizeIs(2));
  EXPECT_THAT(status["pending"], SizeIs(kFiles - 2));
  EXPECT_EQ(Migrate({"verify"}).exit_code, 3);
  EXPECT_EQ(MigrateJson({"up", "--to", absl::StrCat(kFiles + 1)})["exit_code"], 2);
}

TEST_F(MigrateTest, StatusOfAnEmptyDatabaseIsPending) {
  const support::ProgramResult status = Migrate({"status"});
  EXPECT_EQ(status.exit_code, 3);
  EXPECT_THAT(status.out, HasSubstr("V001     subjects"));
  EXPECT_THAT(status.out, HasSubstr("pending"));
  EXPECT_EQ(Tables(), "0");
}

TEST_F(MigrateTest, DryRunsChangeNothing) {
  const std::string everything =
      "SELECT md5((SELECT string_agg(c::text, '' ORDER BY oid) FROM pg_class AS c) ||"
      " (SELECT string_agg(datname || coalesce(datacl::text, ''), '' ORDER BY oid) FROM pg_database"
      "   WHERE datname = current_database()) ||"
      " coalesce((SELECT string_agg(setconfig::text, '' ORDER BY setrole) FROM pg_db_role_setting"
      "   JOIN pg_database AS d ON d.oid = setdatabase WHERE datname = current_database()), ''))";
  const std::string before = database_.Value(everything);
  const nlohmann::json up = MigrateJson({"up", "--dry-run"});
  EXPECT_EQ(up["exit_code"], 0);
  EXPECT_THAT(up["applied"], SizeIs(kFiles));
  EXPECT_THAT(up["mended"], Not(IsEmpty()));
  EXPECT_EQ(database_.Value(everything), before);

  ASSERT_EQ(Migrate({"up"}).exit_code, 0);
  EXPECT_NE(database_.Value(everything), before);  // proves that the query sees a change
  const std::string migrated = database_.Value(everything);
  EXPECT_EQ(Migrate({"down", "--dry-run"}).exit_code, 0);
  EXPECT_EQ(Migrate({"up", "--dry-run"}).out, "nothing was changed\n");
  EXPECT_EQ(database_.Value(everything), migrated);
}

TEST_F(MigrateTest, DownTakesOneStepWithoutAskingWhenNothingIsLost) {
  ASSERT_EQ(Migrate({"up"}).exit_code, 0);
  const support::ProgramResult down = Migrate({"down"});
  EXPECT_EQ(down.exit_code, 0) << down.err;
  EXPECT_THAT(down.out, HasSubstr("no rows are lost"));
  EXPECT_EQ(MigrateJson({"status"})["version"], kFiles - 1);
}

TEST_F(MigrateTest, DownAsksBeforeRowsAreLost) {
  ASSERT_EQ(Migrate({"up", "--to", "1"}).exit_code, 0);
  const std::string rows = "SELECT count(*) FROM subjects";
  ASSERT_OK(database_.Try(
      "INSERT INTO subjects (identifier, user_type, version, previous_version, failures,"
      " recent_sends, recent_resends, updated_at)"
      " SELECT '+1415555010' || i, 'live', 1, 0, 0, '{}', '{}', now() FROM generate_series(1, 3) "
      "AS i"));

  const support::ProgramResult refused = Migrate({"down"}, {.input = "subjects\n"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.out, HasSubstr("subjects   3\n"));
  EXPECT_THAT(refused.err, HasSubstr("--yes"));
  EXPECT_EQ(MigrateJson({"down"})["losses"],
            nlohmann::json::parse(R"([{"table": "subjects", "rows": 3}])"));
  EXPECT_EQ(Migrate({"down"}, {.input = "no\n", .terminal = true}).exit_code, 1);
  EXPECT_EQ(Migrate({"down"}, {.input = "\n", .terminal = true}).exit_code, 1);
  EXPECT_EQ(database_.Value(rows), "3");

  EXPECT_EQ(Migrate({"down"}, {.input = "subjects\n", .terminal = true}).exit_code, 0);
  EXPECT_EQ(MigrateJson({"status"})["version"], 0);
  const support::ProgramResult nothing = Migrate({"down"});
  EXPECT_EQ(nothing.exit_code, 1);
  EXPECT_THAT(nothing.err, HasSubstr("no migration is applied"));
}

TEST_F(MigrateTest, DownCountsTheValuesOfAColumn) {
  WriteTwoFiles();
  ASSERT_EQ(Migrate({"up", "--dir", folder_}).exit_code, 0);
  ASSERT_OK(database_.Try("INSERT INTO one VALUES (1, 1), (2, NULL), (3, 3)"));
  EXPECT_EQ(MigrateJson({"down", "--dir", folder_})["losses"],
            nlohmann::json::parse(R"([{"table": "one", "column": "b", "rows": 2}])"));
  EXPECT_EQ(Migrate({"down", "--yes", "--dir", folder_}).exit_code, 0);
  EXPECT_EQ(database_.Value("SELECT string_agg(a::text, ',' ORDER BY a) FROM one"), "1,2,3");
  EXPECT_EQ(Migrate({"up", "--dir", folder_}).exit_code, 0);
  EXPECT_EQ(database_.Value("SELECT count(a) || ',' || count(b) FROM one"), "3,0");
}

TEST_F(MigrateTest, EveryFileGoesUpDownUp) {
  ASSERT_EQ(Migrate({"up"}).exit_code, 0);
  const std::string schema =
      "SELECT string_agg(format('%s.%s %s %s', relname, attname, format_type(atttypid, atttypmod),"
      " relacl), ';' ORDER BY relname, attnum) FROM pg_class JOIN pg_attribute ON attrelid = "
      "pg_class.oid"
      " WHERE relnamespace = 'public'::regnamespace AND attnum > 0";
  const std::string first = database_.Value(schema);
  for (size_t left = kFiles; left > 0; --left) {
    const support::ProgramResult down = Migrate({"down"});
    ASSERT_EQ(down.exit_code, 0) << down.err;
  }
  EXPECT_EQ(Tables(), "1");  // schema_migrations
  ASSERT_EQ(Migrate({"up"}).exit_code, 0);
  EXPECT_EQ(database_.Value(schema), first);
  EXPECT_EQ(Migrate({"verify"}).exit_code, 0);
}

TEST_F(MigrateTest, AFailedFileLeavesNothingAndKeepsThoseBefore) {
  WriteFile("V001__good.sql", "CREATE TABLE good ();", "DROP TABLE good;");
  WriteFile("V002__bad.sql", "CREATE TABLE half ();\nSELECT 1 / 0;", "DROP TABLE half;");
  WriteFile("V003__after.sql", "CREATE TABLE after ();", "DROP TABLE after;");
  const nlohmann::json up = MigrateJson({"up", "--dir", folder_});
  EXPECT_EQ(up["exit_code"], 1);
  EXPECT_THAT(up["applied"], ElementsAre("V001__good.sql"));
  EXPECT_THAT(up["error"].get<std::string>(),
              HasSubstr("V002__bad.sql: up: ERROR:  division by zero"));
  EXPECT_EQ(database_.Value("SELECT to_regclass('good') IS NOT NULL AND to_regclass('half') IS NULL"
                            " AND to_regclass('after') IS NULL"),
            "t");
  EXPECT_EQ(MigrateJson({"status", "--dir", folder_})["version"], 1);
}

TEST_F(MigrateTest, ChangedMissingAndUnknownFilesAreDrift) {
  WriteTwoFiles();
  ASSERT_EQ(Migrate({"up", "--dir", folder_}).exit_code, 0);
  std::ofstream(folder_ + "/V001__one.sql", std::ios::app) << "-- a word more\n";
  for (const char* command : {"up", "down", "status", "verify"}) {
    const support::ProgramResult result = Migrate({command, "--dir", folder_});
    EXPECT_EQ(result.exit_code, 4) << command;
    EXPECT_THAT(result.out + result.err, HasSubstr("V001__one.sql was changed"));
  }
  EXPECT_EQ(Migrate({"up", "--dry-run", "--dir", folder_}).exit_code, 4);

  WriteTwoFiles();
  EXPECT_EQ(Migrate({"status", "--dir", folder_}).exit_code, 0);
  std::filesystem::remove(folder_ + "/V002__two.sql");
  EXPECT_THAT(MigrateJson({"status", "--dir", folder_})["drift"],
              ElementsAre("V002__two is applied, but there is no such file here"));
  EXPECT_EQ(Tables(), "2");
}

TEST_F(MigrateTest, AFrozenHolderMakesOthersBusyNotStuck) {
  const auto holder = migrator::Connect(database_.Socket(support::PgRole::kSuperuser));
  ASSERT_OK(holder);
  migrator::Lock lock(**holder);
  ASSERT_OK(lock.Acquire(absl::ZeroDuration()));
  const support::ProgramResult up = Migrate({"up", "--wait", "0"});
  EXPECT_EQ(up.exit_code, 5);
  EXPECT_THAT(up.err, HasSubstr("another migration holds the lock: process "));
  EXPECT_THAT(up.err, HasSubstr("program otpgatectl"));
  EXPECT_EQ(Tables(), "0");
  EXPECT_EQ(Migrate({"up", "--wait", "0.3"}).exit_code, 5);
  EXPECT_EQ(Migrate({"status"}).exit_code, 3);  // reading needs no lock
}

TEST_F(MigrateTest, ATableInUseIsBusy) {
  ASSERT_EQ(Migrate({"up", "--to", "1"}).exit_code, 0);
  const auto user = migrator::Connect(database_.Socket(support::PgRole::kSuperuser));
  ASSERT_OK(user);
  ASSERT_OK((*user)->Run("use", "BEGIN; SELECT count(*) FROM subjects"));
  const support::ProgramResult down = Migrate({"down", "--yes"});
  EXPECT_EQ(down.exit_code, 5) << down.err;
  ASSERT_OK((*user)->Run("end", "ROLLBACK"));
  EXPECT_EQ(Migrate({"down", "--yes"}).exit_code, 0);
}

TEST_F(MigrateTest, TwoAtOnceApplyEachFileOnce) {
  std::vector<std::string> applied;
  nlohmann::json results[2];
  std::thread other([&] { results[1] = MigrateJson({"up"}); });
  results[0] = MigrateJson({"up"});
  other.join();
  for (const nlohmann::json& result : results) {
    EXPECT_EQ(result["exit_code"], 0) << result;
    for (const auto& file : result["applied"]) applied.push_back(file);
  }
  EXPECT_THAT(applied, SizeIs(kFiles));
  EXPECT_THAT(std::set<std::string>(applied.begin(), applied.end()), SizeIs(kFiles));
}

TEST_F(MigrateTest, VerifyFindsForeignRights) {
  ASSERT_EQ(Migrate({"up"}).exit_code, 0);
  ASSERT_OK(database_.Try("GRANT DELETE ON users TO otpgate_app"));
  ASSERT_OK(database_.Try("GRANT SELECT ON sessions TO PUBLIC"));
  ASSERT_OK(database_.Try("ALTER TABLE limits OWNER TO postgres"));
  ASSERT_OK(database_.Try(absl::StrCat("ALTER ROLE otpgate_app IN DATABASE ", database_.name(),
                                       " SET lock_timeout = '1min'")));
  const nlohmann::json verified = MigrateJson({"verify"});
  EXPECT_EQ(verified["exit_code"], 4);
  EXPECT_THAT(verified["drift"],
              ::testing::IsSupersetOf(
                  {"role otpgate_app may DELETE on table users",
                   "everybody may SELECT on table sessions", "table limits belongs to postgres",
                   "setting lock_timeout of role otpgate_app is not 200ms (mended "
                   "by \"otpgatectl migrate up\")"}));
  ASSERT_EQ(Migrate({"up"}).exit_code, 0);
  EXPECT_THAT(MigrateJson({"verify"})["drift"].dump(), Not(HasSubstr("lock_timeout")));
}

TEST_F(MigrateTest, VerifyFindsRowsThatNoForeignKeyKeeps) {
  ASSERT_EQ(Migrate({"up"}).exit_code, 0);
  ASSERT_OK(database_.Try(
      "INSERT INTO subjects (identifier, user_type, version, previous_version, user_id, failures,"
      " recent_sends, recent_resends, updated_at) VALUES ('a@example.com', 'live', 1, 0,"
      " decode(repeat('ab', 24), 'hex'), 0, '{}', '{}', now())"));
  const nlohmann::json verified = MigrateJson({"verify"});
  EXPECT_EQ(verified["exit_code"], 1);
  ASSERT_THAT(verified["broken_rules"], SizeIs(2));
  EXPECT_EQ(verified["broken_rules"][0]["rule"], "subject_has_user");
  EXPECT_EQ(verified["broken_rules"][0]["rows"], 1);
  EXPECT_EQ(verified["broken_rules"][1]["rule"], "subject_has_identity");
  EXPECT_THAT(Migrate({"verify"}).out, HasSubstr("every subject with an account has a user"));
}

TEST_F(MigrateTest, WhoCannotConnectIsToldWhereAndNeverThePassword) {
  const std::string password_file = folder_ + "/password";
  std::ofstream(password_file) << "s3cret\n";
  const auto ctl = [&](const std::string& database) {
    return Ctl(
        {"migrate", "up", "--json", "--database", database, "--password-file", password_file});
  };
  const support::ProgramResult away = ctl("host=" + folder_ + " dbname=otp user=jo");
  EXPECT_EQ(away.exit_code, 6);
  EXPECT_THAT(away.out, HasSubstr("cannot connect to database otp at " + folder_));
  EXPECT_THAT(away.err + away.out, Not(HasSubstr("s3cret")));

  const support::ProgramResult refused = ctl(database_.Tcp(support::PgRole::kSuperuser));
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_THAT(refused.out, HasSubstr("password authentication failed"));
  EXPECT_THAT(refused.err + refused.out, Not(HasSubstr("s3cret")));

  for (const char* bad : {"host=x pass word=s3cret", "host=x password=s3cret"}) {
    const support::ProgramResult result = Ctl({"migrate", "up", "--database", bad});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err + result.out, Not(HasSubstr("s3cret")));
  }
}

TEST_F(MigrateTest, UsageErrorsAreTwo) {
  for (const std::vector<std::string>& args : std::vector<std::vector<std::string>>{
           {},
           {"migrate"},
           {"migrate", "sideways"},
           {"migrate", "up", "--no-such-flag"},
           {"migrate", "up", "--to", "x"},
           {"migrate", "up", "--dir", folder_ + "/none"},
           {"migrate", "up", "--dir", folder_},  // an empty folder
           {"migrate", "status", "--yes"},
           {"--config", folder_ + "/none.toml", "migrate", "up"}}) {
    EXPECT_EQ(Ctl(args).exit_code, 2) << ::testing::PrintToString(args);
  }
  EXPECT_EQ(Ctl({"--help"}).exit_code, 0);
  EXPECT_THAT(Ctl({"migrate", "down", "--help"}).out, HasSubstr("--yes"));
}

TEST_F(MigrateTest, TheDatabaseIsFoundInTheWorkingFolder) {
  std::filesystem::create_directory(folder_ + "/.data");
  const support::ProgramResult none = Ctl({"migrate", "status"}, {.folder = folder_});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr(".data/database.url"));
  std::ofstream(folder_ + "/.data/database.url")
      << database_.Socket(support::PgRole::kSuperuser) << "\n";
  EXPECT_EQ(Ctl({"migrate", "up"}, {.folder = folder_}).exit_code, 0);
  EXPECT_EQ(
      Ctl({"migrate", "status"},
          {.environment = {{"OTPGATE_DATABASE_URL", database_.Socket(support::PgRole::kReadonly)}}})
          .exit_code,
      0);
}

TEST_F(MigrateTest, TheMigratorIsEnoughAfterTheFirstTime) {
  const support::TestDatabase other;  // creates the roles of the cluster
  const auto as = [this](support::PgRole role, const char* command) {
    return Ctl({"migrate", command, "--database", database_.Socket(role)});
  };
  const support::ProgramResult early = as(support::PgRole::kMigrator, "up");
  EXPECT_EQ(early.exit_code, 1);
  EXPECT_THAT(early.err, HasSubstr("an administrator of the cluster must run once: "));

  ASSERT_EQ(Migrate({"up"}).exit_code, 0);
  for (size_t i = 0; i < 2; ++i) ASSERT_EQ(as(support::PgRole::kMigrator, "down").exit_code, 0);
  const support::ProgramResult up = as(support::PgRole::kMigrator, "up");
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_EQ(as(support::PgRole::kMigrator, "verify").exit_code, 0);
  EXPECT_EQ(as(support::PgRole::kReadonly, "verify").exit_code, 0);

  ASSERT_EQ(as(support::PgRole::kMigrator, "down").exit_code, 0);
  const support::ProgramResult app = as(support::PgRole::kApp, "up");
  EXPECT_EQ(app.exit_code, 1);
  EXPECT_THAT(app.err, HasSubstr("otpgate_migrator or an administrator"));
}

}  // namespace
}  // namespace otpgate::ctl
