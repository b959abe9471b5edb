#include <gmock/gmock.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "storage/postgres/statements/cleanup.h"
#include "storage/postgres/store_connection.h"
#include "tests/support/pg_cleanup_world.h"
#include "tests/support/status_matchers.h"

// PostgreSQL finds the rows by a range of pages and never reads the whole table, for the role of
// the server and for an administrator.
namespace otpgate::storage::postgres {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class PgCleanupPlanTest : public ::testing::Test {
 protected:
  void FillTables() {
    world_.database().Query(R"sql(
INSERT INTO subjects (identifier, user_type, version, previous_version, failures, recent_sends,
       recent_resends, updated_at)
SELECT '+1415' || n, 'live', n, 0, 0, '{}', '{}', now() - interval '1 hour' * (n % 48)
  FROM generate_series(1, 20000) n;
INSERT INTO signup_otps (identifier, user_type, purpose, id, code_mac, key_id, attempts, bound,
       created_at, expires_at, is_verified)
SELECT identifier, 'live', 'login', substr(sha256(identifier::bytea), 1, 24),
       sha256(identifier::bytea), 'k', 0, true, updated_at, updated_at, false FROM subjects;
INSERT INTO otp_sessions SELECT identifier, user_type, purpose, id, code_mac, key_id, attempts,
       bound, created_at, expires_at, is_verified, verified_at, user_id FROM signup_otps;
INSERT INTO sessions (user_id, id, version, generation, key_id, token_version, created_at,
       idle_expires_at, absolute_expires_at, caller, device_info, ip, amr)
SELECT id, id, 1, 0, 'k', 0, expires_at, expires_at, expires_at, '', '', '', 'sms' FROM signup_otps;
INSERT INTO requests (scope, caller, method, request_id, fingerprint, reason, new_user, created_at)
SELECT 'live:' || identifier, 'web', 'VerifyOtp', substr(id, 1, 16), code_mac || substr(id, 1, 8), 0,
       false, created_at FROM signup_otps;
INSERT INTO limits SELECT 'ip:' || identifier, 1, 0, updated_at, updated_at FROM subjects;
INSERT INTO outbox (identifier, id, user_type, otp_id, code_mac, code_table, purpose, channel, state,
       generation, next_try_at, created_at, expires_at, finished_at)
SELECT identifier, id, 'live', id, code_mac, 'signup_otps', 'login', 'sms', 'sent', 0, created_at,
       created_at, expires_at, expires_at FROM signup_otps;
INSERT INTO audit_events (scope, id, event, at, caller, ip, detail)
SELECT 'live:' || identifier, id, 'OLD', created_at, '', '', '' FROM signup_otps;
ANALYZE)sql");
  }

  std::string Plan(const Statement& statement, support::PgRole role, const char* mode) {
    pg::ConnectionOptions options = world_.Options(role);
    options.prepared_statements = false;
    StoreConnection connection(options);
    const bool limited = statement.sql.find("$5") != std::string::npos;
    std::string plan;
    for (const std::string& sql :
         {absl::StrCat("SET plan_cache_mode = ", mode),
          absl::StrCat("PREPARE one AS ", statement.sql),
          absl::StrCat("EXPLAIN (COSTS off) EXECUTE one (ARRAY['(0,0)'], ARRAY['(256,0)'],"
                       " ARRAY[60000000], ARRAY['9999-01-01'::timestamptz]",
                       limited ? ", ARRAY[1000])" : ")")}) {
      EXPECT_OK(connection.Run({"one", sql}, {},
                               [&](RowReader& in) { absl::StrAppend(&plan, in.Text(), "\n"); }));
    }
    return plan;
  }

  void ExpectGoodPlans(support::PgRole role, const char* mode) {
    for (const CleanupKind kind : kCleanupKinds) {
      const absl::string_view table = NameOf(kind);
      const std::string removal = Plan(RemovalOf(kind), role, mode);
      SCOPED_TRACE(removal);
      EXPECT_THAT(removal, Not(ContainsRegex("Seq Scan|Hash|Merge|Bitmap")));
      EXPECT_THAT(removal, HasSubstr(absl::StrCat("Tid Range Scan on ", table, " r\n")));
      EXPECT_THAT(removal, HasSubstr(absl::StrCat("Delete on ", table, " r")));
      EXPECT_THAT(removal, ContainsRegex(absl::StrCat("->  Tid Scan on ", table,
                                                      " r_[0-9]+\n +TID Cond: .ctid = ANY")));
      const std::string count = Plan(CountOf(kind), role, mode);
      EXPECT_THAT(count, HasSubstr("Tid Range Scan on "));
      EXPECT_THAT(count, Not(ContainsRegex("Seq Scan|Hash|Merge")));
    }
  }
  void ExpectGoodPlans() {
    ExpectGoodPlans(support::PgRole::kCleanup, "force_generic_plan");
    ExpectGoodPlans(support::PgRole::kCleanup, "force_custom_plan");
  }

  support::PgCleanupWorld world_;
};

TEST_F(PgCleanupPlanTest, J3_APageRangeIsReadOnFreshTables) { ExpectGoodPlans(); }

TEST_F(PgCleanupPlanTest, J3_APageRangeIsReadOnAnalyzedTables) {
  FillTables();
  ExpectGoodPlans();
  // For an administrator the planner may read a small table whole, but no large one.
  ExpectGoodPlans(support::PgRole::kSuperuser, "force_generic_plan");
}

// No index has a column that a login changes, so its updates stay on the page (HOT).
TEST_F(PgCleanupPlanTest, J3_NoIndexIsNeeded) {
  EXPECT_EQ(world_.database().Value(
                "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY 1) FROM pg_index"
                " JOIN pg_class ON pg_class.oid = indrelid"
                " WHERE relnamespace = 'public'::regnamespace AND NOT indisprimary"),
            "outbox_due_idx signing_keys_active_from");
}

}  // namespace
}  // namespace otpgate::storage::postgres
