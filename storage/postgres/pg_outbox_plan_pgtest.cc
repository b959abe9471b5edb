#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/barrier.h"
#include "storage/postgres/pg_outbox.h"
#include "storage/postgres/row_reader.h"
#include "storage/postgres/statements/outbox_dispatch.h"
#include "storage/postgres/store_connection.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

// The plans of the outbox statements, and the order in which they lock.
namespace otpgate::storage::postgres {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTurnCall[] =
    "(ARRAY['a'], ARRAY['a'::bytea], ARRAY[1], ARRAY['sent'], ARRAY[0], ARRAY['x'],"
    " ARRAY['x'], ARRAY['a'], ARRAY['a'::bytea])";
constexpr char kClaimCall[] = "(ARRAY[10], ARRAY[1000])";

class PgOutboxPlanTest : public ::testing::Test {
 protected:
  // Messages user1..userN, created long ago.
  void Fill(int messages) {
    database_.Query(absl::StrCat(
        "INSERT INTO signup_otps (identifier, user_type, purpose, id, code_mac, key_id, attempts,"
        " bound, created_at, expires_at, is_verified)"
        " SELECT 'user' || n, 'live', 'login', substr(sha256(n::text::bytea), 1, 24),"
        " sha256(n::text::bytea), 'k', 0, true, now(), now() + interval '1 hour', false"
        " FROM generate_series(1, ",
        messages,
        ") AS n;"
        "INSERT INTO outbox (identifier, id, user_type, otp_id, code_mac, code_table, purpose,"
        " channel, sealed, state, generation, next_try_at, created_at, expires_at)"
        " SELECT identifier, id, 'live', id, code_mac, 'signup_otps', 'login', 'sms', code_mac,"
        " 'pending', 0, now(), now(), now() + interval '1 hour' FROM signup_otps"));
  }

  // The generic plan of a statement, for the role of the service.
  std::string Plan(const Statement& statement, const std::string& call) {
    const std::string name = statement.name.substr(0, statement.name.find('_'));
    pg::ConnectionOptions options = Options();
    options.prepared_statements = false;
    StoreConnection connection(options);
    std::string plan;
    for (const std::string& sql : {std::string("SET plan_cache_mode = force_generic_plan"),
                                   absl::StrCat("PREPARE ", name, " AS ", statement.sql),
                                   absl::StrCat("EXPLAIN (COSTS off) EXECUTE ", name, " ", call)}) {
      EXPECT_OK(connection.Run({name, sql}, {},
                               [&](RowReader& in) { absl::StrAppend(&plan, in.Text(), "\n"); }));
    }
    return plan;
  }

  // Every row is found by an index condition, and updated in the order of the keys.
  void ExpectKeyed(const std::string& plan) {
    for (const char* other_way : {"Seq Scan", "Hash", "Merge", "Bitmap"}) {
      EXPECT_THAT(plan, Not(HasSubstr(other_way)));
    }
    const std::vector<std::string> lines = absl::StrSplit(plan, '\n');
    for (size_t i = 0; i + 1 < lines.size(); ++i) {
      if (absl::StrContains(lines[i], "Index Scan")) {
        EXPECT_THAT(lines[i + 1], HasSubstr("Index Cond: ")) << lines[i];
      }
    }
    EXPECT_THAT(plan,
                ContainsRegex("Sort Key: [a-z_0-9.]*identifier COLLATE \"C\", [a-z_0-9.]*id"));
    EXPECT_THAT(plan, ContainsRegex("Update on outbox [^>]*->  Nested Loop\n"));
  }

  std::vector<DeliveryResult> RetryAll(int messages) {
    std::vector<DeliveryResult> all;
    for (const auto& row : database_.Query("SELECT identifier, id FROM outbox")) {
      all.push_back({.key = {row[0], {FromHex(row[1])}},
                     .generation = 0,
                     .outcome = DeliveryResult::Outcome::kRetry,
                     .delay = absl::ZeroDuration(),
                     .detail = "busy"});
    }
    EXPECT_EQ(all.size(), static_cast<size_t>(messages));
    return all;
  }

  pg::ConnectionOptions Options(support::PgRole role = support::PgRole::kApp) {
    return {.connection_string = database_.Socket(role)};
  }

  const support::TestDatabase database_;
};

TEST_F(PgOutboxPlanTest, RowsAreFoundByTheirKeysInTheOrderOfTheKeys) {
  for (const int messages : {0, 5000}) {
    SCOPED_TRACE(messages);
    if (messages > 0) Fill(messages);
    database_.Query("ANALYZE");
    const std::string turn = Plan(kTurnOutbox, kTurnCall);
    ExpectKeyed(turn);
    EXPECT_THAT(turn, Not(HasSubstr("outbox_due_idx")));
    const std::string claim = Plan(kClaimOutbox, kClaimCall);
    ExpectKeyed(claim);
    EXPECT_THAT(claim, ContainsRegex("CTE due\n"
                                     " +->  Limit\n"
                                     " +->  Index Scan using outbox_due_idx on outbox"));
  }
}

TEST_F(PgOutboxPlanTest, TheCommonMessageIsUpdatedOnce) {
  Fill(1);
  database_.Query("UPDATE outbox SET next_try_at = now() + interval '1 hour'");
  const std::string inserted_by = database_.Value("SELECT xmin FROM outbox");
  const std::vector<DeliveryResult> result = RetryAll(1);
  PgOutbox outbox(Options());
  const auto taken = outbox.Turn({}, {{result[0].key}});
  ASSERT_OK(taken);
  ASSERT_EQ(taken->taken.ready.size(), 1u);
  EXPECT_EQ(database_.Value("SELECT xmin FROM outbox"), inserted_by) << "taking wrote";
}

TEST_F(PgOutboxPlanTest, I5_HoldersOfTheSameRowsInOppositeOrderDoNotDeadlock) {
  constexpr int kMessages = 50;
  constexpr int kRounds = 40;
  Fill(kMessages);
  const std::vector<DeliveryResult> forward = RetryAll(kMessages);
  const std::vector<DeliveryResult> backward(forward.rbegin(), forward.rend());
  auto* barrier = new absl::Barrier(2);
  const auto complete = [&](const std::vector<DeliveryResult>& results) {
    PgOutbox outbox(Options());
    if (barrier->Block()) delete barrier;
    for (int round = 0; round < kRounds; ++round) {
      const auto turn = outbox.Turn(results, {});
      ASSERT_OK(turn);
      EXPECT_EQ(std::count(turn->completed.begin(), turn->completed.end(), true), kMessages);
    }
  };
  std::thread other([&] { complete(backward); });
  complete(forward);
  other.join();
}

TEST_F(PgOutboxPlanTest, I5_ARowLockedBySomebodyElseIsAnErrorAndNotAWait) {
  Fill(2);
  StoreConnection locker(Options(support::PgRole::kSuperuser));
  ASSERT_OK(locker.Begin());
  const Statement lock{"lock", "SELECT id FROM outbox WHERE identifier = 'user1' FOR UPDATE"};
  ASSERT_OK(locker.Run(lock, {}, [](RowReader&) {}));
  PgOutbox outbox(Options());
  EXPECT_THAT(outbox.Turn(RetryAll(2), {}), support::StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(database_.Value("SELECT count(*) FROM outbox WHERE reason IS NOT NULL"), "0");
  locker.Rollback();
  EXPECT_OK(outbox.Turn(RetryAll(2), {}));
}

TEST_F(PgOutboxPlanTest, I5_AConnectionThatEndedWhileItWasIdleIsReplaced) {
  Fill(1);
  PgOutbox outbox(Options());
  ASSERT_OK(outbox.Claim(0, absl::Seconds(1)));
  EXPECT_EQ(
      database_.Value("SELECT bool_and(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
                      " WHERE usename = 'otpgate_app' AND datname = current_database()"),
      "t");
  const auto claimed = outbox.Claim(1, absl::Seconds(1));
  ASSERT_OK(claimed);
  EXPECT_EQ(claimed->ready.size(), 1u);
}

TEST_F(PgOutboxPlanTest, AnAbsentServerIsUnavailable) {
  PgOutbox outbox({.connection_string = "host=/nonexistent dbname=none user=none"});
  EXPECT_THAT(outbox.Claim(1, absl::Seconds(1)), support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(outbox.Turn({}, {}), support::StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace otpgate::storage::postgres
