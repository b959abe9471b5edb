#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "storage/conformance/cleanup_fixture.h"
#include "storage/postgres/pg_cleaner.h"
#include "storage/postgres/statements/cleanup.h"
#include "tests/support/contend.h"
#include "tests/support/pg_cleanup_world.h"
#include "tests/support/status_matchers.h"

namespace otpgate::storage::postgres {
namespace {

using conformance::CleanupContract;

INSTANTIATE_TEST_SUITE_P(Postgres, CleanupContract,
                         ::testing::Values(conformance::CleanupWorldKind{
                             "Postgres",
                             [] { return std::make_unique<support::PgCleanupWorld>(); }}),
                         conformance::NameOfCleanupWorld);

class PgCleanupTest : public ::testing::Test {
 protected:
  // Codes user1..userN that expired two days ago, without subjects.
  void Fill(int codes) {
    world_.database().Query(absl::StrCat(
        "INSERT INTO signup_otps (identifier, user_type, purpose, id, code_mac, key_id, attempts,"
        " bound, created_at, expires_at, is_verified)"
        " SELECT 'user' || n, 'live', 'login', substr(sha256(n::text::bytea), 1, 24),"
        " sha256(n::text::bytea), 'k', 0, true, now() - interval '2 days',"
        " now() - interval '2 days', false FROM generate_series(1, ",
        codes, ") AS n"));
  }
  void FillAudit(int events) {
    world_.database().Query(
        absl::StrCat("INSERT INTO audit_events (scope, id, event, at, caller, ip, detail)"
                     " SELECT 'live:user', substr(sha256(n::text::bytea), 1, 24), 'TEST',"
                     " now() - interval '3 years', '', '', '' FROM generate_series(1, ",
                     events, ") AS n"));
  }
  CleanupStep Remove(CleanupKind kind, int64_t cursor = 0, int limit = 1000) {
    const auto step = cleaner_->Remove(kind, {}, cursor, limit);
    EXPECT_OK(step);
    return step.value_or(CleanupStep());
  }

  support::PgCleanupWorld world_;
  const std::unique_ptr<Cleaner> cleaner_ = world_.NewCleaner();
};

TEST_F(PgCleanupTest, J3_ARowThatSomebodyHoldsIsSkippedWithoutAWait) {
  Fill(3);
  StoreConnection holder(world_.Options(support::PgRole::kSuperuser));
  ASSERT_OK(holder.Begin());
  const Statement lock{"lock", "SELECT id FROM signup_otps WHERE identifier = 'user2' FOR UPDATE"};
  ASSERT_OK(holder.Run(lock, {}, [](RowReader&) {}));
  const CleanupStep step = Remove(CleanupKind::kSignupOtps);
  EXPECT_EQ(step.removable, 3);
  EXPECT_EQ(step.removed, 2);
  holder.Rollback();
  EXPECT_EQ(Remove(CleanupKind::kSignupOtps).removed, 1);
}

TEST_F(PgCleanupTest, J1_ARowThatIsBeingRenewedStays) {
  Fill(2);
  StoreConnection writer(world_.Options(support::PgRole::kSuperuser));
  ASSERT_OK(writer.Begin());
  const Statement renew{"renew",
                        "UPDATE signup_otps SET expires_at = now() + interval '1 hour'"
                        " WHERE identifier = 'user1'"};
  ASSERT_OK(writer.Run(renew, {}, [](RowReader&) {}));
  EXPECT_EQ(Remove(CleanupKind::kSignupOtps).removed, 1);
  ASSERT_OK(writer.Commit());
  EXPECT_EQ(Remove(CleanupKind::kSignupOtps).removed, 0);
  EXPECT_EQ(world_.database().Value("SELECT identifier FROM signup_otps"), "user1");
}

// Emptied pages do not end the walk, and a table larger than one range is cleaned to its end.
TEST_F(PgCleanupTest, J2_ALargeTableIsWalkedToItsEnd) {
  constexpr int kCodes = 20'000;
  Fill(kCodes);
  int64_t removed = 0;
  int steps = 0;
  std::optional<int64_t> cursor = 0;
  for (; cursor && steps < 1000; ++steps) {
    const CleanupStep step = Remove(CleanupKind::kSignupOtps, *cursor);
    removed += step.removed;
    cursor = step.next;
  }
  EXPECT_EQ(removed, kCodes);
  EXPECT_GE(steps, kCodes / 1000);
  EXPECT_EQ(world_.CountRows("signup_otps"), 0);
}

// Makes a statement that removes more than 700 rows exceed its statement_timeout.
constexpr char kSlowDelete[] = R"sql(
CREATE FUNCTION slow_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM gone) > 700 THEN PERFORM pg_sleep(60); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER slow_delete AFTER DELETE ON signup_otps REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION slow_delete();
DO $$ BEGIN
  EXECUTE format('ALTER ROLE otpgate_cleanup IN DATABASE %I SET statement_timeout = %L', current_database(), '700ms');
END $$)sql";

TEST_F(PgCleanupTest, J2_APageRangeThatTakesTooLongIsHalvedAndPassed) {
  constexpr int kCodes = 1500;
  Fill(kCodes);
  world_.database().Query(kSlowDelete);
  std::optional<int64_t> cursor = 0;
  for (int i = 0; cursor && i < 1000; ++i) cursor = Remove(CleanupKind::kSignupOtps, *cursor).next;
  EXPECT_EQ(world_.CountRows("signup_otps"), 0);
}

TEST_F(PgCleanupTest, J2_PageRangesGrowAgainWhenStatementsAreInTime) {
  constexpr int kCodes = 20'000;
  Fill(kCodes);
  world_.database().Query(kSlowDelete);
  std::optional<int64_t> cursor = 0;
  for (int i = 0; cursor == 0 && i < 20; ++i) {
    cursor = Remove(CleanupKind::kSignupOtps, *cursor, kCodes).next;
  }
  ASSERT_TRUE(cursor);
  const int64_t halved = *cursor;
  EXPECT_LT(halved, kPagesPerRemoval);
  world_.database().Query("DROP TRIGGER slow_delete ON signup_otps");
  int64_t longest = 0;
  for (int i = 0; cursor && i < 1000; ++i) {
    const std::optional<int64_t> next = Remove(CleanupKind::kSignupOtps, *cursor, kCodes).next;
    if (next) longest = std::max(longest, *next - *cursor);
    cursor = next;
  }
  EXPECT_GE(longest, 2 * halved);
  EXPECT_EQ(world_.CountRows("signup_otps"), 0);
}

// Of rows that two cleaners remove at once none is counted twice or left, whether they skip each
// other's rows or wait for them.
TEST_F(PgCleanupTest, J4_TwoThatRunAtOnceRemoveEveryRowOnce) {
  constexpr int kRows = 4000;
  Fill(kRows);
  FillAudit(kRows);
  for (const CleanupKind kind : {CleanupKind::kSignupOtps, CleanupKind::kAuditEvents}) {
    std::atomic<int64_t> removed = 0;
    support::Contend(2, [&](int) {
      const auto cleaner = world_.NewCleaner();
      std::optional<int64_t> cursor = 0;
      for (int i = 0; cursor && i < 1000; ++i) {
        const auto step = cleaner->Remove(kind, {}, *cursor, 50);
        if (absl::IsDeadlineExceeded(step.status())) continue;
        ASSERT_OK(step);
        removed += step->removed;
        cursor = step->next;
      }
    });
    // A row that one skipped is left if the other, which had locked it, then failed.
    removed += Remove(kind).removed;
    EXPECT_EQ(removed, kRows);
    EXPECT_EQ(world_.CountRows(std::string(NameOf(kind))), 0);
  }
}

TEST_F(PgCleanupTest, I13_OnlyTheRoleForItRemoves) {
  Fill(1);
  PgCleaner app(world_.Options(support::PgRole::kApp));
  PgCleaner reader(world_.Options(support::PgRole::kReadonly));
  for (const CleanupKind kind : kCleanupKinds) {
    EXPECT_THAT(app.Remove(kind, {}, 0, 10), support::StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_THAT(reader.Remove(kind, {}, 0, 10), support::StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_OK(reader.Count(kind, {}, 0));
  }
  EXPECT_EQ(world_.CountRows("signup_otps"), 1);
  for (const char* sql :
       {"UPDATE subjects SET failures = 0", "UPDATE sessions SET generation = 0",
        "UPDATE signup_otps SET attempts = 0", "DELETE FROM users",
        "UPDATE audit_events SET detail = ''", "DELETE FROM signing_keys",
        "INSERT INTO limits SELECT * FROM limits", "DELETE FROM not_before",
        "UPDATE signup_otps SET created_at = now()", "UPDATE otp_sessions SET created_at = now()",
        "UPDATE requests SET created_at = now()", "UPDATE outbox SET reason = ''",
        "UPDATE subjects SET previous_version = 0", "UPDATE sessions SET previous_version = 0",
        "UPDATE limits SET previous_version = 0", "DELETE FROM job_leases"}) {
    EXPECT_THAT(world_.database().Try(sql, support::PgRole::kCleanup),
                support::StatusIs(absl::StatusCode::kPermissionDenied))
        << sql;
  }
}

TEST_F(PgCleanupTest, AnAbsentServerIsUnavailable) {
  PgCleaner cleaner({.connection_string = "host=/nonexistent dbname=none user=none"});
  EXPECT_THAT(cleaner.Remove(CleanupKind::kSubjects, {}, 0, 1),
              support::StatusIs(absl::StatusCode::kUnavailable));
}

// An installation that was not cleaned for ten years, and a few rows of today: the rows that must
// stay are listed, all others are removed.
TEST_F(PgCleanupTest, J1_J2_AnOldInstallationIsCleaned) {
  Fill(500);
  world_.database().Query(R"sql(
INSERT INTO otp_sessions SELECT identifier, user_type, purpose, id, code_mac, key_id, attempts, bound,
       created_at, expires_at, is_verified, verified_at, user_id FROM signup_otps;
INSERT INTO subjects (identifier, user_type, version, previous_version, user_id, failures,
       blocked_until, disabled_at, recent_sends, recent_resends, updated_at)
SELECT identifier, user_type, 1, 0, CASE WHEN identifier LIKE '%7' THEN id END, length(identifier),
       CASE WHEN identifier = 'user11' THEN now() + interval '1 minute' END, NULL,
       CASE WHEN identifier = 'user12' THEN ARRAY[(extract(epoch FROM now()) * 1000000)::bigint]
            ELSE '{}' END, '{}', now() - interval '10 years'
  FROM signup_otps;
INSERT INTO sessions (user_id, id, version, generation, key_id, token_version, created_at,
       idle_expires_at, absolute_expires_at, caller, device_info, ip, amr)
SELECT id, id, 1, 3, 'k', 0, now() - interval '10 years', now() - interval '9 years',
       CASE WHEN identifier = 'user7' THEN now() ELSE now() - interval '9 years' END, '', '', '', 'sms'
  FROM signup_otps;
INSERT INTO requests (scope, caller, method, request_id, fingerprint, reason, new_user, created_at)
SELECT 'live:' || identifier, 'web', 'VerifyOtp', substr(id, 1, 16), code_mac || substr(id, 1, 8), 0,
       false, CASE WHEN identifier = 'user1' THEN now() ELSE now() - interval '9 years' END
  FROM signup_otps;
INSERT INTO limits SELECT 'ip:' || n, n, 0, now() - interval '9 years' + n * interval '1 hour',
       now() - interval '9 years' FROM generate_series(1, 9 * 366 * 24) n WHERE n % 500 = 0;
INSERT INTO outbox (identifier, id, user_type, otp_id, code_mac, code_table, purpose, channel, sealed,
       state, generation, next_try_at, created_at, expires_at, finished_at)
SELECT identifier, id, 'live', id, code_mac, 'signup_otps', 'login', 'sms',
       CASE WHEN identifier = 'user9' THEN code_mac END,
       CASE WHEN identifier = 'user9' THEN 'pending' ELSE 'sent' END, 0, created_at, created_at,
       expires_at, CASE WHEN identifier <> 'user9' THEN now() - interval '9 years' END
  FROM signup_otps;
INSERT INTO audit_events (scope, id, event, at, caller, ip, detail)
SELECT 'live:' || identifier, id, 'OLD', now() - interval '1 day' * length(identifier) * 100, '', '', ''
  FROM signup_otps;
UPDATE signup_otps SET expires_at = now() + interval '1 minute' WHERE identifier = 'user13')sql");
  for (const CleanupKind kind : kCleanupKinds) {
    std::optional<int64_t> cursor = 0;
    for (int i = 0; cursor && i < 100; ++i) cursor = Remove(kind, *cursor).next;
    EXPECT_FALSE(cursor) << NameOf(kind);
  }
  const auto left = [&](const std::string& sql) { return world_.database().Value(sql); };
  EXPECT_EQ(left("SELECT string_agg(identifier, ' ') FROM signup_otps"), "user13");
  EXPECT_EQ(left("SELECT count(*) FROM otp_sessions"), "0");
  EXPECT_EQ(left("SELECT string_agg(identifier, ' ' ORDER BY identifier) FROM subjects"
                 " WHERE user_id IS NULL"),
            "user11 user12 user13");
  EXPECT_EQ(left("SELECT count(*) FROM subjects WHERE user_id IS NOT NULL"), "50");
  EXPECT_EQ(left("SELECT count(*) FROM sessions"), "1");
  EXPECT_EQ(left("SELECT string_agg(scope, ' ') FROM requests"), "live:user1");
  EXPECT_EQ(left("SELECT count(*) FROM limits WHERE tat <= now() - interval '1 hour'"), "0");
  EXPECT_EQ(left("SELECT string_agg(identifier, ' ') FROM outbox"), "user9");
  EXPECT_EQ(left("SELECT count(*) FROM audit_events"), "0");
}

}  // namespace
}  // namespace otpgate::storage::postgres
