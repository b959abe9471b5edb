// I13: each role of a migrated database can do what it must, and no more.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "migrations/migrator/connection.h"
#include "migrations/migrator/provision.h"
#include "migrations/migrator/verify.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace otpgate::migrator {
namespace {

using ::otpgate::support::StatusIs;
using support::PgRole;
using support::TestDatabase;
using ::testing::Contains;
using ::testing::IsEmpty;

class AccessTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ = new support::TestDatabase;
    ASSERT_OK(
        database_->Try("CREATE SCHEMA foreign_schema; CREATE TABLE foreign_schema.table (a int);"
                       "CREATE TABLE public.foreign_table (a int)"));
  }
  static void TearDownTestSuite() { delete database_; }

  static inline support::TestDatabase* database_ = nullptr;
};

struct Denied {
  const char* name;
  const char* sql;
};

constexpr Denied kDenied[] = {
    {"CreateTable", "CREATE TABLE mine (a int)"},
    {"CreateTemporaryTable", "CREATE TEMPORARY TABLE mine (a int)"},
    {"CreateTableAs", "CREATE TABLE mine AS SELECT * FROM subjects"},
    {"CreateView", "CREATE VIEW mine AS SELECT 1"},
    {"CreateFunction", "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"},
    {"CreateSchema", "CREATE SCHEMA mine"},
    {"CreateIndex", "CREATE INDEX mine ON subjects (updated_at)"},
    {"CreateTrigger",
     "CREATE TRIGGER mine BEFORE UPDATE ON subjects FOR EACH ROW EXECUTE FUNCTION "
     "suppress_redundant_updates_trigger()"},
    {"CreateExtension", "CREATE EXTENSION file_fdw"},
    {"CreateRole", "CREATE ROLE mine"},
    {"CreateDatabase", "CREATE DATABASE test_mine"},
    {"AlterTable", "ALTER TABLE subjects ADD COLUMN mine int"},
    {"DropTable", "DROP TABLE subjects"},
    {"Truncate", "TRUNCATE subjects"},
    {"DeleteSubjects", "DELETE FROM subjects"},
    {"DeleteUsers", "DELETE FROM users"},
    {"ReadAudit", "SELECT * FROM audit_events"},
    {"DeleteAudit", "DELETE FROM audit_events"},
    {"UpdateAudit", "UPDATE audit_events SET detail = ''"},
    {"UpdateSigningKeys", "UPDATE signing_keys SET revoked_at = now()"},
    {"WriteHistory", "INSERT INTO schema_migrations VALUES (99, 'mine', repeat('0', 64))"},
    {"DeleteHistory", "DELETE FROM schema_migrations"},
    {"TableWithoutGrant", "SELECT * FROM foreign_table"},
    {"SchemaWithoutGrant", "SELECT * FROM foreign_schema.table"},
    {"PasswordHashes", "SELECT * FROM pg_authid"},
    {"CopyToProgram", "COPY subjects TO PROGRAM 'cat > /dev/null'"},
    {"CopyFromProgram", "COPY limits FROM PROGRAM 'true'"},
    {"CopyToFile", "COPY subjects TO '/tmp/mine'"},
    {"ReadFile", "SELECT pg_read_file('pg_hba.conf')"},
    {"ListFolder", "SELECT pg_ls_dir('.')"},
    {"ImportLargeObject", "SELECT lo_import('/etc/hostname')"},
    {"AlterSystem", "ALTER SYSTEM SET fsync = off"},
    {"AlterOwnPower", "ALTER ROLE otpgate_app SUPERUSER"},
    {"BecomeOwner", "SET ROLE otpgate_owner"},
    {"BecomeSuperuser", "SET SESSION AUTHORIZATION postgres"},
    {"LockExclusively", "BEGIN; LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE"},
    {"EndOthers",
     "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'"},
    {"TurnOffTriggers", "SET session_replication_role = replica"},
};

class DeniedTest : public AccessTest, public ::testing::WithParamInterface<Denied> {};

TEST_P(DeniedTest, I13_TheAppRoleIsRefused) {
  // A connection of the superuser that the app role could try to end.
  const auto superuser = Connect(database_->Socket(support::PgRole::kSuperuser));
  ASSERT_OK(superuser);
  EXPECT_THAT(database_->Try(GetParam().sql, support::PgRole::kApp),
              support::StatusIs(absl::StatusCode::kPermissionDenied));
}

INSTANTIATE_TEST_SUITE_P(Statements, DeniedTest, ::testing::ValuesIn(kDenied),
                         [](const auto& each) { return each.param.name; });

// Repeats every right of the three working roles. A new table adds its lines here.
TEST_F(AccessTest, I13_RightsAreExactlyThese) {
  const pg::Rows rows = database_->Query(R"sql(
    SELECT format('%s %s %s', grantee::regrole, relname,
                  string_agg(privilege_type, ' ' ORDER BY privilege_type))
      FROM pg_class, aclexplode(relacl)
     WHERE relnamespace = 'public'::regnamespace AND grantee <> 'otpgate_owner'::regrole
       AND relname <> 'foreign_table'
     GROUP BY grantee, relname ORDER BY 1
  )sql");
  std::vector<std::string> rights;
  for (const pg::Row& row : rows) rights.push_back(row[0]);
  EXPECT_THAT(rights, ::testing::ElementsAre("otpgate_app audit_events INSERT",                  //
                                             "otpgate_app identities INSERT SELECT UPDATE",      //
                                             "otpgate_app limits INSERT SELECT UPDATE",          //
                                             "otpgate_app not_before INSERT SELECT UPDATE",      //
                                             "otpgate_app otp_sessions INSERT SELECT UPDATE",    //
                                             "otpgate_app outbox INSERT SELECT UPDATE",          //
                                             "otpgate_app requests INSERT SELECT UPDATE",        //
                                             "otpgate_app schema_migrations SELECT",             //
                                             "otpgate_app sessions INSERT SELECT UPDATE",        //
                                             "otpgate_app signing_keys INSERT SELECT",           //
                                             "otpgate_app signup_otps INSERT SELECT UPDATE",     //
                                             "otpgate_app subjects INSERT SELECT UPDATE",        //
                                             "otpgate_app users INSERT SELECT UPDATE",           //
                                             "otpgate_cleanup audit_events DELETE SELECT",       //
                                             "otpgate_cleanup job_leases INSERT SELECT UPDATE",  //
                                             "otpgate_cleanup limits DELETE SELECT",             //
                                             "otpgate_cleanup otp_sessions DELETE SELECT",       //
                                             "otpgate_cleanup outbox DELETE SELECT",             //
                                             "otpgate_cleanup requests DELETE SELECT",           //
                                             "otpgate_cleanup schema_migrations SELECT",         //
                                             "otpgate_cleanup sessions DELETE SELECT",           //
                                             "otpgate_cleanup signup_otps DELETE SELECT",        //
                                             "otpgate_cleanup subjects DELETE SELECT",           //
                                             "otpgate_readonly audit_events SELECT",             //
                                             "otpgate_readonly identities SELECT",               //
                                             "otpgate_readonly job_leases SELECT",               //
                                             "otpgate_readonly limits SELECT",                   //
                                             "otpgate_readonly not_before SELECT",               //
                                             "otpgate_readonly otp_sessions SELECT",             //
                                             "otpgate_readonly outbox SELECT",                   //
                                             "otpgate_readonly requests SELECT",                 //
                                             "otpgate_readonly schema_migrations SELECT",        //
                                             "otpgate_readonly sessions SELECT",                 //
                                             "otpgate_readonly signup_otps SELECT",              //
                                             "otpgate_readonly subjects SELECT",                 //
                                             "otpgate_readonly users SELECT"));
}

TEST_F(AccessTest, I13_ReadersReadAndDoNoMore) {
  for (const char* table : {"subjects", "signup_otps", "otp_sessions", "users", "sessions",
                            "requests", "outbox", "audit_events", "limits", "schema_migrations"}) {
    EXPECT_OK(database_->Try(absl::StrCat("SELECT * FROM ", table), support::PgRole::kReadonly));
    EXPECT_THAT(database_->Try(absl::StrCat("DELETE FROM ", table), support::PgRole::kReadonly),
                support::StatusIs(absl::StatusCode::kPermissionDenied));
  }
  EXPECT_OK(database_->Try("SELECT kid, public_key FROM signing_keys", support::PgRole::kReadonly));
  EXPECT_THAT(database_->Try("SELECT sealed_private FROM signing_keys", support::PgRole::kReadonly),
              support::StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(database_->Try("CREATE TEMPORARY TABLE mine ()", support::PgRole::kReadonly),
              support::StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(AccessTest, NobodySignsInAsTheOwnerWhoOwnsEverything) {
  EXPECT_EQ(database_->Value("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'otpgate_owner'"),
            "f");
  EXPECT_EQ(
      database_->Value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                       " AND relowner <> 'otpgate_owner'::regrole AND relname <> 'foreign_table'"),
      "0");
}

TEST_F(AccessTest, TheAppRoleHasItsSettings) {
  const std::pair<const char*, const char*> settings[] = {
      {"lock_timeout", "200ms"},
      {"statement_timeout", "2s"},
      {"idle_in_transaction_session_timeout", "1s"},
      {"enable_hashjoin", "off"},
      {"enable_mergejoin", "off"},
      {"enable_seqscan", "off"}};
  for (const auto& [name, value] : settings) {
    EXPECT_EQ(
        database_->Value(absl::StrCat(
            "SELECT count(*) FROM pg_db_role_setting JOIN pg_database AS d ON d.oid = setdatabase"
            " WHERE datname = current_database() AND setrole = 'otpgate_app'::regrole AND '",
            name, "=", value, "' = ANY (setconfig)")),
        "1")
        << name;
  }
}

struct Excess {
  const char* name;
  const char* grant;
  const char* problem;
  const char* take_back;
};

constexpr Excess kExcesses[] = {
    {"Write", "GRANT INSERT ON users TO otpgate_readonly",
     "role otpgate_readonly may INSERT on table users",
     "REVOKE INSERT ON users FROM otpgate_readonly"},
    {"History", "GRANT UPDATE ON schema_migrations TO otpgate_app",
     "role otpgate_app may UPDATE on table schema_migrations",
     "REVOKE UPDATE ON schema_migrations FROM otpgate_app"},
    {"Audit", "GRANT UPDATE ON audit_events TO otpgate_app",
     "role otpgate_app may UPDATE on table audit_events",
     "REVOKE UPDATE ON audit_events FROM otpgate_app"},
    {"AuditColumn", "GRANT UPDATE (detail) ON audit_events TO otpgate_app",
     "role otpgate_app may UPDATE on column audit_events.detail",
     "REVOKE UPDATE (detail) ON audit_events FROM otpgate_app"},
    {"ReadAudit", "GRANT SELECT ON audit_events TO otpgate_app",
     "role otpgate_app may SELECT on table audit_events",
     "REVOKE SELECT ON audit_events FROM otpgate_app"},
    {"SigningKey", "GRANT UPDATE ON signing_keys TO otpgate_app",
     "role otpgate_app may UPDATE on table signing_keys",
     "REVOKE UPDATE ON signing_keys FROM otpgate_app"},
    {"Cleanup", "GRANT DELETE ON users TO otpgate_cleanup",
     "role otpgate_cleanup may DELETE on table users",
     "REVOKE DELETE ON users FROM otpgate_cleanup"},
    {"CleanupColumn", "GRANT UPDATE (failures) ON subjects TO otpgate_cleanup",
     "role otpgate_cleanup may UPDATE on column subjects.failures",
     "REVOKE UPDATE (failures) ON subjects FROM otpgate_cleanup"},
    {"PassOn", "GRANT SELECT ON limits TO otpgate_app WITH GRANT OPTION",
     "role otpgate_app may SELECT WITH GRANT OPTION on table limits",
     "REVOKE GRANT OPTION FOR SELECT ON limits FROM otpgate_app"},
    {"UnknownTable", "GRANT SELECT ON foreign_table TO otpgate_app",
     "role otpgate_app may SELECT on table foreign_table",
     "REVOKE SELECT ON foreign_table FROM otpgate_app"},
    {"Everybody", "GRANT SELECT ON limits TO PUBLIC", "everybody may SELECT on table limits",
     "REVOKE SELECT ON limits FROM PUBLIC"},
    {"Column", "GRANT SELECT (identifier) ON subjects TO PUBLIC",
     "everybody may SELECT on column subjects.identifier",
     "REVOKE SELECT (identifier) ON subjects FROM PUBLIC"},
    {"SealedKey", "GRANT SELECT ON signing_keys TO otpgate_readonly",
     "role otpgate_readonly may SELECT on table signing_keys",
     "REVOKE SELECT ON signing_keys FROM otpgate_readonly;"
     "GRANT SELECT (kid, public_key, created_at, active_from, revoked_at) ON signing_keys TO "
     "otpgate_readonly"},
    {"Lacking", "REVOKE SELECT ON limits FROM otpgate_app",
     "role otpgate_app cannot SELECT on table limits", "GRANT SELECT ON limits TO otpgate_app"},
    {"LackingWrite", "REVOKE UPDATE ON users FROM otpgate_app",
     "role otpgate_app cannot UPDATE on table users", "GRANT UPDATE ON users TO otpgate_app"},
    {"LackingColumn", "REVOKE SELECT (kid) ON signing_keys FROM otpgate_readonly",
     "role otpgate_readonly cannot SELECT on column signing_keys.kid",
     "GRANT SELECT (kid) ON signing_keys TO otpgate_readonly"},
    {"Schema", "GRANT CREATE ON SCHEMA public TO otpgate_app",
     "role otpgate_app may create objects in schema public",
     "REVOKE CREATE ON SCHEMA public FROM otpgate_app"},
    {"Owned", "ALTER TABLE foreign_table OWNER TO otpgate_cleanup",
     "role otpgate_cleanup owns 1 objects", "ALTER TABLE foreign_table OWNER TO postgres"},
    {"Unvalidated", "ALTER TABLE limits ADD CONSTRAINT c CHECK (version > 1) NOT VALID",
     "constraint c of table limits is not validated", "ALTER TABLE limits DROP CONSTRAINT c"},
};

class ExcessTest : public AccessTest, public ::testing::WithParamInterface<Excess> {};

TEST_P(ExcessTest, I13_VerifyTellsIt) {
  const auto connection = Connect(database_->Socket(support::PgRole::kSuperuser));
  ASSERT_OK(connection);
  ASSERT_THAT(*FindPrivilegeProblems(**connection), IsEmpty());
  ASSERT_OK((*connection)->Run("grant", GetParam().grant));
  EXPECT_THAT(*FindPrivilegeProblems(**connection), Contains(GetParam().problem));
  ASSERT_OK((*connection)->Run("take back", GetParam().take_back));
  EXPECT_THAT(*FindPrivilegeProblems(**connection), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Rights, ExcessTest, ::testing::ValuesIn(kExcesses),
                         [](const auto& each) { return each.param.name; });

TEST(GapTest, I13_PowersAndMembershipsOfRolesAreTakenBack) {
  const auto cluster = support::PgCluster::Start();  // roles are shared by a whole cluster
  ASSERT_OK(cluster);
  const support::TestDatabase database(**cluster);
  const auto connection = Connect(database.Socket(support::PgRole::kSuperuser));
  ASSERT_OK(connection);
  EXPECT_THAT(*FindGaps(**connection), IsEmpty());
  ASSERT_OK(
      (*connection)
          ->Run("spoil",
                absl::StrCat("ALTER ROLE otpgate_app CREATEROLE; ALTER ROLE otpgate_owner LOGIN;"
                             "GRANT pg_write_all_data TO otpgate_readonly; REVOKE otpgate_owner "
                             "FROM otpgate_migrator;"
                             "GRANT TEMPORARY ON DATABASE ",
                             database.name(),
                             " TO PUBLIC;"
                             "GRANT CREATE ON SCHEMA public TO PUBLIC;"
                             "REVOKE CONNECT ON DATABASE ",
                             database.name(),
                             " FROM PUBLIC, otpgate_app;"
                             "REVOKE CREATE ON SCHEMA public FROM otpgate_owner;"
                             "REVOKE USAGE ON SCHEMA public FROM PUBLIC, otpgate_app;"
                             "ALTER ROLE otpgate_app IN DATABASE ",
                             database.name(), " RESET ALL")));
  const auto gaps = FindGaps(**connection);
  ASSERT_OK(gaps);
  std::vector<std::string> whats;
  for (const Gap& gap : *gaps) whats.push_back(gap.what);
  for (const char* what :
       {"role otpgate_app has powers it does not need", "role otpgate_owner can sign in",
        "role otpgate_readonly is a member of pg_write_all_data",
        "otpgate_migrator cannot act as otpgate_owner", "everybody may make temporary tables",
        "everybody may create objects in schema public", "role otpgate_app cannot connect",
        "role otpgate_app cannot see schema public",
        "setting enable_seqscan of role otpgate_app is not off"}) {
    EXPECT_THAT(whats, Contains(what));
  }
  ASSERT_OK(CloseGaps(**connection));
  EXPECT_THAT(*FindGaps(**connection), IsEmpty());
  EXPECT_THAT(*FindPrivilegeProblems(**connection), IsEmpty());
}

}  // namespace
}  // namespace otpgate::migrator
