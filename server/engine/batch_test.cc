#include "server/engine/batch.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "server/domain/bucket_rules.h"
#include "tests/support/sample_values.h"
#include "tests/support/status_matchers.h"

namespace otpgate::engine {
namespace {

using support::StatusIs;

using support::kNow;
constexpr storage::Version kMark = 1 << 20;

// Tests with buckets, the smallest aggregate: the batch treats all aggregates alike.
class BatchTest : public ::testing::Test {
 protected:
  using TestBatch = Batch<domain::BucketRules>;

  Pending<domain::BucketRules> Command(const std::string& name, const std::string& bucket,
                                       int burst = 5) {
    return {.command = {bucket, {absl::Seconds(6), burst}},
            .answer =
                [this, name](absl::StatusOr<domain::TakeReply> reply) {
                  EXPECT_TRUE(answers_.emplace(name, std::move(reply)).second) << name << " twice";
                },
            .cancellation = {}};
  }
  template <class... Commands>
  TestBatch Make(storage::Version mark, Commands... commands) {
    PendingList<domain::BucketRules> list;
    (list.push_back(std::move(commands)), ...);
    return TestBatch(rules_, std::move(list), mark);
  }
  static storage::Loaded<storage::Bucket> At(std::vector<storage::Row<storage::Bucket>> rows) {
    return {std::move(rows), support::kNow};
  }
  // One command whose COMMIT got no answer.
  PendingList<domain::BucketRules> InDoubt(storage::Version expected) {
    TestBatch batch = Make(kMark, Command("a", "x"));
    batch.Decide(At({{.state = {}, .version = expected, .previous = 0}}));
    BatchRemainder<domain::BucketRules> rest = batch.Settle(absl::UnknownError("no answer"));
    EXPECT_EQ(rest.in_doubt, 1u);
    EXPECT_TRUE(answers_.empty());
    return std::move(rest.next.at(0));
  }
  bool Admitted(const std::string& name) { return answers_.at(name).value().admitted; }

  domain::BucketRules rules_;
  std::map<std::string, absl::StatusOr<domain::TakeReply>> answers_;
};

TEST_F(BatchTest, FoldsOneKeyIntoOneReadAndOneWrite) {
  TestBatch batch = Make(kMark, Command("a", "x", 2), Command("b", "y"), Command("c", "x", 2),
                         Command("d", "x", 2));
  ASSERT_EQ(batch.Asks().size(), 2u);
  batch.Decide(At({{}, {}}));
  ASSERT_EQ(batch.changes().size(), 2u);
  EXPECT_EQ(batch.changes()[0].state.tat, support::kNow + absl::Seconds(12));
  EXPECT_NE(batch.changes()[0].version, batch.changes()[1].version);
  // "d" is refused because of "a" and "c", so its answer waits until their write has succeeded.
  EXPECT_TRUE(answers_.empty());
  EXPECT_TRUE(batch.Settle(TestBatch::Won{true, true}).next.empty());
  EXPECT_TRUE(Admitted("a") && Admitted("b") && Admitted("c"));
  EXPECT_FALSE(Admitted("d"));
}

TEST_F(BatchTest, DecisionBeforeAnyChangeIsFinalAtOnce) {
  TestBatch batch = Make(kMark, Command("a", "x", 1));
  batch.Decide(At({{.state = {.tat = support::kNow + absl::Hours(1), .updated_at = support::kNow},
                    .version = 7}}));
  EXPECT_TRUE(batch.changes().empty());
  EXPECT_FALSE(Admitted("a"));
}

TEST_F(BatchTest, TimeNeverFallsBelowTheNewestOfTheRow) {
  TestBatch batch = Make(kMark, Command("a", "x"));
  batch.Decide(At({{.state = {.updated_at = support::kNow + absl::Hours(1)}, .version = 7}}));
  EXPECT_EQ(batch.changes()[0].state.updated_at, support::kNow + absl::Hours(1));
  EXPECT_EQ(batch.changes()[0].state.tat, support::kNow + absl::Hours(1) + absl::Seconds(6));
}

// Rules whose decisions hold for ten seconds.
struct ExpiringRules : domain::BucketRules {
  auto Decide(const domain::Take& command, absl::Time now, storage::BucketState& state,
              storage::BucketEffects& effects) const {
    auto decision = domain::BucketRules::Decide(command, now, state, effects);
    decision.valid_until = now + absl::Seconds(10);
    return decision;
  }
};

// The time of the row may be ahead of the clock that the store compares with before COMMIT.
TEST_F(BatchTest, ADecisionOnAFutureRowExpiresByThatRowsTime) {
  const ExpiringRules rules;
  PendingList<ExpiringRules> list;
  list.push_back({.command = {"x", {absl::Seconds(6), 5}},
                  .answer = [](const absl::StatusOr<domain::TakeReply>&) {},
                  .cancellation = {}});
  Batch<ExpiringRules> batch(rules, std::move(list), kMark);
  batch.Decide(At({{.state = {.updated_at = support::kNow + absl::Seconds(4)}, .version = 7}}));
  EXPECT_EQ(batch.valid_until(), support::kNow + absl::Seconds(10));
}

TEST_F(BatchTest, LosersGoRoundInOrderAndGiveUpAfterFiveRounds) {
  PendingList<domain::BucketRules> waiting;
  waiting.push_back(Command("a", "x"));
  waiting.push_back(Command("b", "x"));
  for (int round = 1; round <= kRoundsMax; ++round) {
    TestBatch batch(rules_, std::move(waiting), kMark);
    batch.Decide(At({{}}));
    BatchRemainder<domain::BucketRules> rest = batch.Settle(TestBatch::Won{false});
    ASSERT_EQ(rest.next.size(), 1u);
    waiting = std::move(rest.next[0]);
    ASSERT_EQ(waiting.size(), 2u);
    EXPECT_TRUE(answers_.empty());
  }
  TestBatch last(rules_, std::move(waiting), kMark);
  last.Decide(At({{}}));
  EXPECT_TRUE(last.Settle(TestBatch::Won{false}).next.empty());
  EXPECT_THAT(answers_.at("a"), support::StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(answers_.at("b"), support::StatusIs(absl::StatusCode::kAborted));
}

TEST_F(BatchTest, WinnersDoNotWaitForLosers) {
  TestBatch batch = Make(kMark, Command("a", "x"), Command("b", "y"));
  batch.Decide(At({{}, {}}));
  BatchRemainder<domain::BucketRules> rest = batch.Settle(TestBatch::Won{false, true});
  EXPECT_TRUE(Admitted("b"));
  ASSERT_EQ(rest.next.size(), 1u);
  EXPECT_EQ(rest.next[0][0].command.bucket, "x");
  EXPECT_EQ(rest.lost, 1u);
}

TEST_F(BatchTest, RefusedRowIsHalvedUntilTheCulpritStandsAlone) {
  std::vector<PendingList<domain::BucketRules>> todo(1);
  for (const char* name : {"a", "b", "bad", "d"}) todo[0].push_back(Command(name, name));
  todo[0].push_back(Command("e", "bad"));
  bool alarm = false;
  for (int step = 0; step < 32 && !todo.empty(); ++step) {
    TestBatch batch(rules_, std::move(todo.front()), kMark);
    todo.erase(todo.begin());
    batch.Decide(At(std::vector<storage::Row<storage::Bucket>>(batch.Asks().size())));
    bool refused = false;
    for (const auto& change : batch.changes()) refused |= change.key == "bad";
    BatchRemainder<domain::BucketRules> rest =
        refused ? batch.Settle(absl::InvalidArgumentError("22"))
                : batch.Settle(TestBatch::Won(batch.changes().size(), true));
    alarm |= rest.refused_row;
    todo.insert(todo.begin(), std::make_move_iterator(rest.next.begin()),
                std::make_move_iterator(rest.next.end()));
  }
  EXPECT_TRUE(todo.empty() && alarm);
  EXPECT_TRUE(Admitted("a") && Admitted("b") && Admitted("d"));
  EXPECT_THAT(answers_.at("bad"), support::StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(answers_.at("e"), support::StatusIs(absl::StatusCode::kInternal));
}

// Two kinds of rows make a load fail: one that cannot be read, and one that changes all the time.
TEST_F(BatchTest, ARowThatSpoilsTheLoadSpoilsOnlyItsOwnCommands) {
  for (const absl::Status& spoiled : {absl::DataLossError("?"), absl::AbortedError("restless")}) {
    answers_.clear();
    std::vector<PendingList<domain::BucketRules>> todo(1);
    for (const char* name : {"a", "b", "bad", "d"}) todo[0].push_back(Command(name, name));
    todo[0].push_back(Command("e", "bad"));
    int alarms = 0;
    for (int step = 0; step < 32 && !todo.empty(); ++step) {
      TestBatch batch(rules_, std::move(todo.front()), kMark);
      todo.erase(todo.begin());
      bool bad = false;
      for (const auto& ask : batch.Asks()) bad |= ask.key == "bad";
      BatchRemainder<domain::BucketRules> rest;
      if (bad) {
        rest = batch.SettleUnread(spoiled);
      } else {
        batch.Decide(At(std::vector<storage::Row<storage::Bucket>>(batch.Asks().size())));
        rest = batch.Settle(TestBatch::Won(batch.changes().size(), true));
      }
      alarms += rest.unreadable_row ? 1 : 0;
      todo.insert(todo.begin(), std::make_move_iterator(rest.next.begin()),
                  std::make_move_iterator(rest.next.end()));
    }
    EXPECT_TRUE(todo.empty());
    EXPECT_EQ(alarms, absl::IsDataLoss(spoiled) ? 1 : 0);
    EXPECT_TRUE(Admitted("a") && Admitted("b") && Admitted("d"));
    const auto code =
        absl::IsDataLoss(spoiled) ? absl::StatusCode::kInternal : absl::StatusCode::kAborted;
    EXPECT_THAT(answers_.at("bad"), support::StatusIs(code));
    EXPECT_THAT(answers_.at("e"), support::StatusIs(code));
  }
}

TEST_F(BatchTest, LockedRowIsHalvedThenParkedAndItsCommandsRefusedUnevaluated) {
  TestBatch both = Make(kMark, Command("a", "x"), Command("b", "y"));
  both.Decide(At({{}, {}}));
  BatchRemainder<domain::BucketRules> halves = both.Settle(absl::DeadlineExceededError("55P03"));
  ASSERT_EQ(halves.next.size(), 2u);
  TestBatch alone(rules_, std::move(halves.next[0]), kMark);
  alone.Decide(At({{}}));
  BatchRemainder<domain::BucketRules> rest = alone.Settle(absl::DeadlineExceededError("55P03"));
  EXPECT_EQ(rest.parked, "x");
  EXPECT_THAT(answers_.at("a"), support::StatusIs(absl::StatusCode::kAborted));
}

TEST_F(BatchTest, I5_DeadlockIsRepeatedHalvedAndBounded) {
  PendingList<domain::BucketRules> waiting;
  waiting.push_back(Command("a", "x"));
  int runs = 0;
  while (!waiting.empty() && runs < 100) {
    TestBatch batch(rules_, std::move(waiting), kMark);
    batch.Decide(At({{}}));
    BatchRemainder<domain::BucketRules> rest = batch.Settle(absl::AbortedError("40P01"));
    waiting = rest.next.empty() ? PendingList<domain::BucketRules>() : std::move(rest.next[0]);
    ++runs;
  }
  EXPECT_EQ(runs, kRoundsMax + 1);
  EXPECT_THAT(answers_.at("a"), support::StatusIs(absl::StatusCode::kAborted));
}

TEST_F(BatchTest, ClockRollbackIsNoRound) {
  TestBatch batch = Make(kMark, Command("a", "x"));
  batch.Decide(At({{}}));
  BatchRemainder<domain::BucketRules> rest = batch.Settle(absl::FailedPreconditionError("late"));
  ASSERT_EQ(rest.next.size(), 1u);
  EXPECT_EQ(rest.next[0][0].rounds, 0);
}

TEST_F(BatchTest, StoreAwayIsUnavailable) {
  TestBatch unread = Make(kMark, Command("a", "x"));
  EXPECT_TRUE(unread.SettleUnread(absl::UnavailableError("08")).next.empty());
  EXPECT_THAT(answers_.at("a"), support::StatusIs(absl::StatusCode::kUnavailable));
  TestBatch unwritten = Make(kMark, Command("b", "x"));
  unwritten.Decide(At({{}}));
  unwritten.Settle(absl::UnavailableError("08"));
  EXPECT_THAT(answers_.at("b"), support::StatusIs(absl::StatusCode::kUnavailable));
}

// No answer to COMMIT.

TEST_F(BatchTest, DoubtCommitHadHappened) {
  TestBatch again(rules_, InDoubt(7), 2 * kMark);
  again.Decide(At({{.state = {}, .version = kMark, .previous = 7}}));
  EXPECT_TRUE(again.changes().empty());
  EXPECT_TRUE(Admitted("a"));
}

TEST_F(BatchTest, DoubtCommitHadHappenedAndSomebodyWroteAfterwards) {
  TestBatch again(rules_, InDoubt(7), 2 * kMark);
  again.Decide(At({{.state = {}, .version = 99, .previous = kMark}}));
  EXPECT_TRUE(again.changes().empty());
  EXPECT_TRUE(Admitted("a"));
}

TEST_F(BatchTest, DoubtCommitHadNotHappened) {
  TestBatch again(rules_, InDoubt(7), 2 * kMark);
  again.Decide(At({{.state = {}, .version = 7}}));
  ASSERT_EQ(again.changes().size(), 1u);
  EXPECT_TRUE(answers_.empty());
  again.Settle(TestBatch::Won{true});
  EXPECT_TRUE(Admitted("a"));
}

TEST_F(BatchTest, DoubtSomebodyElseReplacedWhatItHadRead) {
  TestBatch again(rules_, InDoubt(7), 2 * kMark);
  again.Decide(At({{.state = {}, .version = 99, .previous = 7}}));
  ASSERT_EQ(again.changes().size(), 1u);
  EXPECT_EQ(again.changes()[0].expected, 99);
  EXPECT_THAT(again.Settle(absl::UnavailableError("08")).next, ::testing::IsEmpty());
  // The first attempt did not commit, so the outcome is known.
  EXPECT_THAT(answers_.at("a"), support::StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(BatchTest, DoubtThatNothingCanSettleIsUnknown) {
  TestBatch again(rules_, InDoubt(7), 2 * kMark);
  again.Decide(At({{.state = {}, .version = 99, .previous = 98}}));
  EXPECT_THAT(answers_.at("a"), support::StatusIs(absl::StatusCode::kUnknown));
}

// A refusal without the guard would be wrong: the first attempt may still be in its COMMIT.
TEST_F(BatchTest, DoubtEvenARefusalMustWinTheGuard) {
  TestBatch again(rules_, InDoubt(7), 2 * kMark);
  again.Decide(At({{.state = {.tat = support::kNow + absl::Hours(1), .updated_at = support::kNow},
                    .version = 7}}));
  ASSERT_EQ(again.changes().size(), 1u);
  EXPECT_TRUE(answers_.empty());
  again.Settle(TestBatch::Won{true});
  EXPECT_FALSE(Admitted("a"));
}

TEST_F(BatchTest, DoubtNeverEndsAsAbortedOrUnavailable) {
  for (const absl::Status& end : {absl::UnavailableError("08"), absl::InvalidArgumentError("22"),
                                  absl::DeadlineExceededError("55P03")}) {
    answers_.clear();
    TestBatch again(rules_, InDoubt(7), 2 * kMark);
    again.Decide(At({{.state = {}, .version = 7}}));
    again.Settle(end);
    EXPECT_THAT(answers_.at("a"), support::StatusIs(absl::StatusCode::kUnknown)) << end;
  }
}

TEST_F(BatchTest, DoubtWaitsForTheStoreForABoundedTime) {
  PendingList<domain::BucketRules> waiting = InDoubt(7);
  int tries = 0;
  while (!waiting.empty() && tries < 100) {
    TestBatch batch(rules_, std::move(waiting), kMark);
    BatchRemainder<domain::BucketRules> rest = batch.SettleUnread(absl::UnavailableError("08"));
    EXPECT_EQ(rest.pause, !rest.next.empty());
    waiting = rest.next.empty() ? PendingList<domain::BucketRules>() : std::move(rest.next[0]);
    ++tries;
  }
  EXPECT_LE(tries, kRoundsMax);
  EXPECT_THAT(answers_.at("a"), support::StatusIs(absl::StatusCode::kUnknown));
}

}  // namespace
}  // namespace otpgate::engine
