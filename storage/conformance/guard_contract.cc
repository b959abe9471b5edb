#include "storage/conformance/storage_fixture.h"

// A row is written only if it is unchanged; nothing is written of a loser.
namespace otpgate::storage::conformance {
namespace {

using ::testing::ElementsAre;

TEST_P(StorageContract, AWrongExpectationLosesAndLeavesNothing) {
  const Change<Subject> next = Stored(SampleSubject(1));
  const auto rows = world().CountRows();
  for (const Version wrong : {Version{0}, next.expected + 1, next.version}) {
    Change<Subject> late = FullChange(next.key, random_);
    late.before = next.before;
    late.expected = wrong;
    Lose(late);
    EXPECT_EQ(world().CountRows(), rows) << wrong;
    const Row<Subject> row = Load(next.key);
    EXPECT_EQ(row.version, next.expected);
    ExpectSame(row.state, next.before, "untouched");
    EXPECT_FALSE(LoadAccount(late.state.user_id, late.effects.sessions[0].id).account);
  }
}

TEST_P(StorageContract, OfTwoWithOneExpectationTheFirstWins) {
  const SubjectKey key = SampleSubject(1);
  const Row<Subject> row = Load(key);
  Change<Subject> first = NextChange(key, row, random_);
  first.state.failures = 1;
  Change<Subject> second = NextChange(key, row, random_);
  second.state.failures = 2;
  Win(first);
  Lose(second);
  EXPECT_EQ(Load(key).state.failures, 1);
  EXPECT_EQ(Load(key).version, first.version);
}

TEST_P(StorageContract, WinnersAndLosersShareAWrite) {
  const Change<Subject> stored = Stored(SampleSubject(2));
  Change<Subject> loser = FullChange(stored.key, random_);
  loser.before = stored.before;  // it expects no row
  Change<Subject> next = Stored(SampleSubject(3));
  next.state.failures = 42;
  std::vector<Change<Subject>> changes = {FullChange(SampleSubject(4), random_), loser, next,
                                          FullChange(SampleSubject(1), random_)};
  const auto rows = world().CountRows();
  const auto fates = Write(changes);
  ASSERT_OK(fates);
  EXPECT_THAT(*fates, ElementsAre(Fate::kWon, Fate::kLost, Fate::kWon, Fate::kWon));
  ExpectSame(LoadBack(changes[0]).state, changes[0].state, "first winner");
  EXPECT_EQ(Load(stored.key).version, stored.expected);
  ExpectSame(Load(stored.key).state, stored.before, "loser");
  ExpectSame(LoadBack(changes[2]).state, changes[2].state, "second winner");
  ExpectSame(LoadBack(changes[3]).state, changes[3].state, "third winner");
  EXPECT_EQ(world().CountRows()["sessions"], rows.at("sessions") + 4);
  EXPECT_EQ(world().CountRows()["requests"], rows.at("requests") + 5);
  EXPECT_EQ(world().MessagesOf(stored.key).size(), 2u);
  EXPECT_EQ(world().AuditOf(stored.key).size(), 2u);
}

TEST_P(StorageContract, PreviousIsTheVersionThatWasReplaced) {
  const SubjectKey key = SampleSubject(1);
  Version replaced = 0;
  for (int i = 0; i < 5; ++i) {
    Change<Subject> change = NextChange(key, Load(key), random_);
    EXPECT_EQ(change.expected, replaced);
    Win(change);
    EXPECT_EQ(Load(key).version, change.version);
    EXPECT_EQ(Load(key).previous, replaced);
    replaced = change.version;
  }
}

TEST_P(StorageContract, LiveAndDemoAreDifferentSubjects) {
  const SubjectKey live{"a@example.com", UserType::kLive};
  const SubjectKey demo{"a@example.com", UserType::kDemo};
  Change<Subject> change = FullChange(demo, random_);
  Win(change);
  EXPECT_EQ(Load(live, {change.effects.requests[0].key}).version, 0);
  Change<Subject> other = SmallChange(live, random_);
  Win(other);
  ExpectSame(LoadBack(change).state, change.state, "demo");
  ExpectSame(LoadBack(other).state, other.state, "live");
}

TEST_P(StorageContract, OneKeyTwiceInAWriteIsRefused) {
  const Change<Subject> next = Stored(SampleSubject(1));
  Change<Subject> again = next;
  again.version = FreshVersion(random_);
  const auto rows = world().CountRows();
  Refuse<Subject>({SmallChange(SampleSubject(2), random_), next, again},
                  absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(world().CountRows(), rows);
  EXPECT_EQ(Load(next.key).version, next.expected);

  const Change<Bucket> bucket = NewBucket("b");
  Change<Bucket> bucket_again = bucket;
  bucket_again.version = FreshVersion(random_);
  Refuse<Bucket>({bucket, bucket_again}, absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Load("b").version, 0);
}

TEST_P(StorageContract, BucketsAreGuardedToo) {
  Change<Bucket> first = NewBucket("b");
  Change<Bucket> second = NewBucket("b");
  second.state.tat = kSampleTime;
  Win(first);
  std::vector<Change<Bucket>> changes = {second, NewBucket("a"), NextBucket("c", {})};
  const auto fates = Write(changes);
  ASSERT_OK(fates);
  EXPECT_THAT(*fates, ElementsAre(Fate::kLost, Fate::kWon, Fate::kWon));
  EXPECT_TRUE(Load("b").state == first.state);
  Change<Bucket> next = NextBucket("b", Load("b"));
  Win(next);
  EXPECT_EQ(Load("b").previous, first.version);
  EXPECT_TRUE(Load("b").state == next.state);
}

}  // namespace
}  // namespace otpgate::storage::conformance
