#include "storage/memory/store.h"

#include <gmock/gmock.h>

#include "storage/conformance/persist.h"
#include "storage/conformance/samples.h"
#include "storage/memory/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

// Behaviour that storage/conformance cannot test, because it needs a clock that the test moves.
namespace otpgate::storage::memory {
namespace {

using conformance::AskFor;
using conformance::SampleSubject;
using conformance::SmallChange;
using support::StatusIs;

class MemoryStoreTest : public ::testing::Test {
 protected:
  absl::Time Now() { return store_.Load({AskFor(key_)})->now; }
  absl::StatusOr<std::vector<bool>> Write(absl::Time valid_until) {
    return store_.Write({conformance::SmallChange(key_, random_)}, valid_until);
  }

  const absl::Time start_ = absl::FromUnixMicros(1'800'000'000'000'000);
  support::FakeClock clock_{start_ + absl::Nanoseconds(999)};
  MemoryDatabase database_{clock_};
  MemoryStore<Subject> store_{database_};
  support::SeededRandom random_{1};
  const SubjectKey key_ = conformance::SampleSubject(1);
};

TEST_F(MemoryStoreTest, NowIsCutToMicroseconds) {
  EXPECT_EQ(Now(), start_);
  clock_.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(Now(), start_ + absl::Microseconds(1));
}

TEST_F(MemoryStoreTest, D3_NowDoesNotGoBackWithTheWallClock) {
  const absl::Time before = Now();
  clock_.Jump(-absl::Hours(1));
  EXPECT_EQ(Now(), before);
  clock_.Jump(absl::Hours(1) + absl::Microseconds(5));
  EXPECT_EQ(Now(), before + absl::Microseconds(5));
}

TEST_F(MemoryStoreTest, B3_SteadyTimeSinceTheLoadCounts) {
  const absl::Time now = Now();
  const absl::Time end = now + absl::Milliseconds(10);
  clock_.Advance(absl::Milliseconds(10) - absl::Nanoseconds(1));
  clock_.Jump(absl::Hours(1));  // the wall clock does not count
  EXPECT_OK(Write(end));
  clock_.Advance(absl::Nanoseconds(1));
  clock_.Jump(-absl::Hours(2));
  EXPECT_THAT(Write(end), support::StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(MemoryStoreTest, B3_EachLoadBeginsAnew) {
  const absl::Time end = Now() + absl::Milliseconds(10);
  clock_.Advance(absl::Milliseconds(9));
  Now();
  EXPECT_OK(Write(end));
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_THAT(Write(end), support::StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(MemoryStoreTest, BucketsAndViewsHaveTheSameClock) {
  EXPECT_EQ(MemoryStore<Bucket>(database_).Load({{"b"}})->now, start_);
  EXPECT_EQ(MemoryReader(database_).Load({})->now, start_);
}

TEST_F(MemoryStoreTest, ASuppressedMessageIsInsertedAsFinished) {
  Change<Subject> change = conformance::FullChange(key_, random_);
  ASSERT_OK(store_.Write({change}, absl::InfiniteFuture()));
  const auto messages = database_.Messages();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].state, OutboxState::kPending);
  EXPECT_FALSE(messages[0].finished_at.has_value());
  EXPECT_EQ(messages[1].state, OutboxState::kSuppressed);
  EXPECT_EQ(messages[1].finished_at, change.effects.messages[1].created_at);
}

TEST_F(MemoryStoreTest, HandRunStatementsTellWhetherThereWasARow) {
  EXPECT_FALSE(database_.DeleteSubject(key_));
  EXPECT_FALSE(database_.DeleteCode(key_, CodeTable::kSignupOtps, Purpose::kLogin));
  EXPECT_EQ(database_.DeleteExpiredSignupOtps(), 0);
  EXPECT_FALSE(database_.SetAccount(conformance::FreshId<UserId>(random_), true, 1));
  EXPECT_FALSE(database_.SetSession(conformance::FreshId<UserId>(random_),
                                    conformance::FreshId<SessionId>(random_), 1, true));
}

}  // namespace
}  // namespace otpgate::storage::memory
