#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "storage/postgres/statements/limits.h"
#include "storage/postgres/subject_write.h"
#include "tests/support/pg_store_fixture.h"

// The plans of the statements of the hot path: by primary keys, in key order, and linear in the
// size of a batch, on fresh tables and on analyzed ones.
namespace otpgate::storage::postgres {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

struct Expected {
  Statement statement;
  int index_scans = 0;      // each with an index condition
  int hashed_subplans = 0;  // dependent rows find the versions that won
  std::string sort_key;     // the order of locks; empty: the statement locks nothing
};

std::vector<Expected> Statements() {
  SubjectWrite write;
  return {
      {kLoadSubjects, 5, 0, ""},
      {kLoadRequests, 3, 0, ""},
      {kLoadAccounts, 2, 0, ""},
      {kLoadAccountViews, 4, 0, ""},
      {kLoadSessions, 3, 0, ""},
      {kListSessions, 1, 0, ""},
      {kLoadUsers, 1, 0, ""},
      {kLoadBuckets, 1, 0, ""},
      {write.whole(), 0, 8, "i.identifier COLLATE \"C\", i.user_type COLLATE \"C\""},
      {kChangeSessions, 1, 0, "o.user_id, o.id"},
      {kChangeSessionsAudited, 1, 1, "o.user_id, o.id"},
      {kChangeUsers, 1, 1, "o.id"},
      {kWriteBuckets, 0, 0, "i.bucket COLLATE \"C\""},
  };
}

int CountOf(const std::string& text, const std::string& part) {
  return static_cast<int>(std::vector<std::string>(absl::StrSplit(text, part)).size()) - 1;
}

int ParametersOf(const std::string& sql) {
  int count = 0;
  while (CountOf(sql, absl::StrCat("$", count + 1, ":")) > 0) ++count;
  return count;
}

class PlansTest : public support::PgTest {
 protected:
  PlansTest() {
    pg::ConnectionOptions options = Options();
    options.prepared_statements = false;
    connection_ = std::make_unique<StoreConnection>(options);
  }

  // `mode` is the plan_cache_mode. Empty arrays give the types of the parameters but no size.
  std::string Plan(const Statement& statement, const std::string& mode) {
    const std::vector<std::string> empty(ParametersOf(statement.sql), "'{}'");
    const std::string name = absl::StrCat(statement.name, "_", ++plans_);
    EXPECT_OK(Ask(*connection_, "SET plan_cache_mode = " + mode));
    EXPECT_OK(Ask(*connection_, absl::StrCat("PREPARE ", name, " AS ", statement.sql)));
    const auto lines = Ask(*connection_, absl::StrCat("EXPLAIN (COSTS OFF) EXECUTE ", name, "(",
                                                      absl::StrJoin(empty, ", "), ")"));
    EXPECT_OK(lines);
    return lines.ok() ? absl::StrJoin(*lines, "\n") : "";
  }

  void ExpectGoodPlans(const std::string& mode) {
    for (const Expected& expected : Statements()) {
      SCOPED_TRACE(expected.statement.name);
      const std::string plan = Plan(expected.statement, mode);
      SCOPED_TRACE(plan);
      EXPECT_THAT(plan, Not(ContainsRegex("Seq Scan|Hash Join|Merge Join")));
      EXPECT_EQ(CountOf(plan, "Index Cond: "), expected.index_scans);
      EXPECT_EQ(CountOf(plan, "Filter: ((hashed SubPlan"), expected.hashed_subplans);
      if (!expected.sort_key.empty()) {
        EXPECT_THAT(plan, HasSubstr("Sort Key: " + expected.sort_key));
      }
    }
  }

  // Enough rows for statistics that influence the planner.
  void FillTables() {
    database_.Query(R"sql(
INSERT INTO subjects (identifier, user_type, version, previous_version, failures, recent_sends,
       recent_resends, updated_at)
SELECT '+1415' || n, 'live', n, 0, 0, '{}', '{}', now() FROM generate_series(1, 20000) n;
INSERT INTO signup_otps (identifier, user_type, purpose, id, code_mac, key_id, attempts, bound,
       created_at, expires_at, is_verified)
SELECT '+1415' || n, 'live', 'login', substr(sha256(n::text::bytea), 1, 24),
       sha256(n::text::bytea), 'k', 0, true, now(), now(), false FROM generate_series(1, 20000) n;
INSERT INTO otp_sessions SELECT identifier, user_type, purpose, id, code_mac, key_id, attempts,
       bound, created_at, expires_at, is_verified, verified_at, user_id FROM signup_otps;
INSERT INTO users (id, version, user_type, status, token_version, created_at)
SELECT id, 1, 'live', 'active', 0, now() FROM signup_otps;
INSERT INTO identities SELECT id, identifier, user_type, now() FROM signup_otps;
INSERT INTO sessions (user_id, id, version, generation, key_id, token_version, created_at,
       idle_expires_at, absolute_expires_at, caller, device_info, ip, amr)
SELECT id, id, 1, 0, 'k', 0, now(), now(), now(), '', '', '', 'sms' FROM signup_otps;
INSERT INTO requests (scope, caller, method, request_id, fingerprint, reason, new_user, created_at)
SELECT 'live:' || identifier, 'web', 'VerifyOtp', substr(id, 1, 16), code_mac || substr(id, 1, 8), 0, false, now()
  FROM signup_otps;
INSERT INTO limits SELECT 'ip:' || n, n, 0, now(), now() FROM generate_series(1, 20000) n;
ANALYZE)sql");
  }

  std::unique_ptr<StoreConnection> connection_;
  int plans_ = 0;
};

TEST_F(PlansTest, OnFreshTables) { ExpectGoodPlans("force_generic_plan"); }

TEST_F(PlansTest, OnAnalyzedTables) {
  FillTables();
  ExpectGoodPlans("force_generic_plan");
}

TEST_F(PlansTest, WithoutPreparedStatements) {
  ExpectGoodPlans("force_custom_plan");
  FillTables();
  ExpectGoodPlans("force_custom_plan");
}

// Planning costs more than running, so the role makes the server plan once.
TEST_F(PlansTest, TheRoleAsksForGenericPlans) {
  EXPECT_THAT(*Ask(*connection_, "SHOW plan_cache_mode"),
              ::testing::ElementsAre("force_generic_plan"));
}

}  // namespace
}  // namespace otpgate::storage::postgres
