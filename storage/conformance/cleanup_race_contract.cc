#include <atomic>
#include <vector>

#include "storage/conformance/cleanup_fixture.h"
#include "tests/support/contend.h"
#include "tests/support/status_matchers.h"
#include "tests/support/trials.h"

// Cleanup during the writes of servers: a write wins or loses as a whole, and nothing is undone.
namespace otpgate::storage::conformance {
namespace {

void MakeOld(Change<Subject>& change, absl::Time now) {
  change.state.updated_at = now - absl::Hours(48);
}

TEST_P(CleanupContract, J1_AWriteAfterTheRemovalIsWhole) {
  Put(1, MakeOld);
  const Change<Subject> next = Changed(1, [&](Change<Subject>& change, absl::Time now) {
    change.state.failures = 1;
    change.state.recent_sends = {now};
    change.state.codes = {LiveUntil(now + kAWhile, CodeTable::kSignupOtps, random_)};
  });
  EXPECT_EQ(CleanAll(), 1);
  EXPECT_TRUE(Write(next));
  const Row<Subject> row = Load(1);
  EXPECT_EQ(row.version, next.version);
  EXPECT_EQ(row.state, next.state);
  EXPECT_EQ(CleanAll(), 0);
}

TEST_P(CleanupContract, J1_ARemovalAfterTheWriteRemovesNothing) {
  Put(1, MakeOld);
  const Change<Subject> stale = Changed(1, [](Change<Subject>&, absl::Time) {});
  const Change<Subject> next =
      Put(1, [](Change<Subject>& change, absl::Time) { change.state.failures = 1; });
  EXPECT_EQ(CleanAll(), 0);
  EXPECT_FALSE(Write(stale));
  EXPECT_EQ(Load(1).state, next.state);
}

TEST_P(CleanupContract, J1_AWriteFromBeforeTheRemovalDoesNotUndoANewBeginning) {
  Put(1, MakeOld);
  const Change<Subject> stale =
      Changed(1, [](Change<Subject>& change, absl::Time) { change.state.failures = 7; });
  EXPECT_EQ(CleanAll(), 1);
  const Change<Subject> anew =
      Put(1, [](Change<Subject>& change, absl::Time) { change.state.failures = 1; });
  EXPECT_FALSE(Write(stale));
  EXPECT_EQ(Load(1).state, anew.state);
}

TEST_P(CleanupContract, J1_ARenewedCodeStays) {
  const auto expired = [&](Change<Subject>& change, absl::Time now) {
    change.state.codes = {
        LiveUntil(now - retention_.codes - kAWhile, CodeTable::kSignupOtps, random_)};
  };
  const auto renewed = [&](Change<Subject>& change, absl::Time now) {
    change.state.codes = {LiveUntil(now + kAWhile, CodeTable::kSignupOtps, random_)};
  };
  Put(1, expired);
  Put(2, expired);
  const Change<Subject> after = Changed(1, renewed);
  const Change<Subject> before = Put(2, renewed);
  EXPECT_EQ(CleanAll(), 1);
  EXPECT_TRUE(Write(after));
  EXPECT_EQ(CleanAll(), 0);
  EXPECT_EQ(Load(1).state.codes, after.state.codes);
  EXPECT_EQ(Load(2).state.codes, before.state.codes);
}

// Every guess counts once while cleanup runs over the same subjects all the time.
TEST_P(CleanupContract, J1_NoCountIsLostBesideCleanup) {
  constexpr int kSubjects = 8;
  constexpr int kWriters = 3;
  const int guesses = static_cast<int>(support::Trials(30));
  retention_.codes = absl::ZeroDuration();
  for (int n = 0; n < kSubjects; ++n) Put(n, MakeOld);
  std::atomic<int> counted[kSubjects] = {};
  std::atomic<int> writing = kWriters;
  const auto clean = [&] {
    const auto cleaner = world_->NewCleaner();
    while (writing > 0) {
      for (const CleanupKind kind : kCleanupKinds) {
        ASSERT_OK(cleaner->Remove(kind, retention_, 0, 100));
      }
    }
  };
  const auto guess = [&](int who) {
    support::SeededRandom random(static_cast<uint64_t>(who) + 100);
    const auto store = world_->NewSubjects();
    for (int i = 0; i < guesses; ++i) {
      const int n = (i + who) % kSubjects;
      const SubjectAsk ask{SampleSubject(n), false, {}};
      const auto loaded = store->Load({&ask, 1});
      ASSERT_OK(loaded);
      const Row<Subject>& row = loaded->rows[0];
      if (row.state.failures == 100) continue;
      Change<Subject> change{.key = ask.key,
                             .expected = row.version,
                             .version = FreshVersion(random),
                             .before = row.state,
                             .state = row.state,
                             .effects = {}};
      ++change.state.failures;
      change.state.updated_at = loaded->now;
      // Every other one is dead at once.
      const absl::Duration life = i % 2 == 0 ? absl::ZeroDuration() : kAWhile;
      change.state.codes = {LiveUntil(loaded->now + life, CodeTable::kSignupOtps, random)};
      const auto won = store->Write({&change, 1}, absl::InfiniteFuture());
      ASSERT_OK(won);
      counted[n] += won->at(0) ? 1 : 0;
    }
  };
  support::Contend(kWriters + 2, [&](int who) {
    if (who >= kWriters) return clean();
    guess(who);
    --writing;
  });
  for (int n = 0; n < kSubjects; ++n) EXPECT_EQ(Load(n).state.failures, counted[n]) << n;
}

}  // namespace
}  // namespace otpgate::storage::conformance
