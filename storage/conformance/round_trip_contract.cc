#include <algorithm>
#include <tuple>

#include "absl/time/civil_time.h"
#include "storage/conformance/storage_fixture.h"

// A load returns what was written.
namespace otpgate::storage::conformance {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

TEST_P(StorageContract, AbsentRowsAreEmptyWithVersionZero) {
  const Row<Subject> subject = Load(SampleSubject(1), {SampleRequest(random_).key});
  EXPECT_EQ(subject.version, 0);
  EXPECT_EQ(subject.previous, 0);
  ExpectSame(subject.state, SubjectState{}, "absent");

  const Row<Bucket> bucket = Load("ip:203.0.113.7/32");
  EXPECT_EQ(bucket.version, 0);
  EXPECT_TRUE(bucket.state == BucketState{});

  const AccountViewState view = LoadAccount(FreshId<UserId>(random_), FreshId<SessionId>(random_));
  EXPECT_FALSE(view.account.has_value());
  EXPECT_FALSE(view.session.has_value());
  EXPECT_THAT(view.identities, IsEmpty());
}

void ExpectEffects(StorageWorld& world, const NamedChange& named) {
  const auto& [name, change] = named;
  EXPECT_THAT(world.MessagesOf(change.key), UnorderedElementsAreArray(change.effects.messages))
      << name;
  EXPECT_THAT(world.AuditOf(change.key), UnorderedElementsAreArray(change.effects.audit)) << name;
  if (change.state.user_id.empty()) return;
  EXPECT_THAT(world.SessionsOf(change.state.user_id),
              UnorderedElementsAreArray(change.effects.sessions))
      << name;
}

TEST_P(StorageContract, WrittenTogetherLoadsEqual) {
  std::vector<NamedChange> named = ExtremeChanges(random_);
  std::vector<Change<Subject>> changes;
  for (const NamedChange& one : named) changes.push_back(one.change);
  const auto fates = Write(changes);
  ASSERT_OK(fates);
  EXPECT_THAT(*fates, ::testing::Each(Fate::kWon));
  for (size_t i = 0; i < named.size(); ++i) {
    const Row<Subject> row = LoadBack(changes[i]);
    EXPECT_EQ(row.version, changes[i].version) << named[i].name;
    EXPECT_EQ(row.previous, 0) << named[i].name;
    ExpectSame(row.state, changes[i].state, named[i].name);
    ExpectEffects(world(), named[i]);
  }
}

TEST_P(StorageContract, WrittenAloneLoadsEqual) {
  for (NamedChange& named : ExtremeChanges(random_)) {
    Win(named.change);
    const Row<Subject> row = LoadBack(named.change);
    EXPECT_EQ(row.version, named.change.version) << named.name;
    ExpectSame(row.state, named.change.state, named.name);
    ExpectEffects(world(), named);
  }
}

TEST_P(StorageContract, RowsAnswerAsksInTheirOrder) {
  std::vector<Change<Subject>> changes;
  for (const int n : {5, 1, 3}) changes.push_back(FullChange(SampleSubject(n), random_));
  ASSERT_OK(Write(changes));
  const auto store = NewStore<Subject>();
  const auto loaded =
      PersistLoad<Subject>(*store, {AskFor(changes[1]),
                                    {SampleSubject(2), true, {}},
                                    AskFor(changes[2]),
                                    {{changes[0].key.identifier, UserType::kDemo}, true, {}},
                                    AskFor(changes[0])});
  ASSERT_OK(loaded);
  ASSERT_EQ(loaded->rows.size(), 5u);
  ExpectSame(loaded->rows[0].state, changes[1].state, "0");
  EXPECT_EQ(loaded->rows[1].version, 0);
  ExpectSame(loaded->rows[2].state, changes[2].state, "2");
  EXPECT_EQ(loaded->rows[3].version, 0);
  ExpectSame(loaded->rows[4].state, changes[0].state, "4");
}

TEST_P(StorageContract, OnlyWhatWasAskedForIsReadAlong) {
  Change<Subject> change = FullChange(SampleSubject(1), random_);
  Win(change);
  const auto store = NewStore<Subject>();
  const RequestKey key = change.effects.requests[1].key;
  const auto loaded = PersistLoad<Subject>(*store, {{change.key, /*account=*/false, {key}}});
  ASSERT_OK(loaded);
  const SubjectState& state = loaded->rows[0].state;
  EXPECT_FALSE(state.account.has_value());
  EXPECT_THAT(state.identities, IsEmpty());
  ASSERT_EQ(state.requests.size(), 1u);
  EXPECT_TRUE(state.requests[0].first == change.effects.requests[1]);
}

TEST_P(StorageContract, EveryColumnIsReplaced) {
  Change<Subject> first = FullChange(SampleSubject(1), random_);
  Win(first);
  Change<Subject> next = NextChange(first.key, Load(first.key), random_);
  const auto codes = next.state.codes;
  next.state = {};
  for (const Code& old : codes) {
    next.state.codes.push_back(SampleCode(old.table, old.purpose, random_));
    Code& code = next.state.codes.back();
    code.key_id = "pepper-2";
    code.attempts = old.attempts + 1;
    code.bound = !old.bound;
    code.created_at = old.created_at + absl::Microseconds(1);
    code.expires_at = old.expires_at - absl::Microseconds(1);
    if (!old.verified_at) code.verified_at = kSampleTime;
    if (old.user_id.empty()) code.user_id = FreshId<UserId>(random_);
  }
  next.state.requests = {{next.effects.requests[0], std::nullopt}};
  Win(next);
  const Row<Subject> row = LoadBack(next);
  EXPECT_EQ(row.version, next.version);
  EXPECT_EQ(row.previous, first.version);
  ExpectSame(row.state, next.state, "replaced");
}

TEST_P(StorageContract, BucketsLoadEqual) {
  const auto year = [](int n) { return absl::FromCivil(absl::CivilYear(n), absl::UTCTimeZone()); };
  std::vector<Change<Bucket>> changes = {NewBucket("b"), NewBucket(std::string(100, 'x')),
                                         NewBucket(R"(ip:{"a",'b'};\NULL)"), NewBucket("NULL"),
                                         NewBucket("\u4e2d\U0010ffff")};
  changes[0].state = {year(1), year(10000) - absl::Microseconds(1)};
  changes[1].state = {absl::FromUnixMicros(-1), absl::UnixEpoch()};
  changes[2].state = {kSampleTime, kSampleTime + absl::Microseconds(1)};
  ASSERT_OK(Write(changes));
  for (const Change<Bucket>& change : changes) {
    const Row<Bucket> row = Load(change.key);
    EXPECT_EQ(row.version, change.version) << change.key;
    EXPECT_EQ(row.previous, 0) << change.key;
    EXPECT_TRUE(row.state == change.state) << change.key;
  }
}

}  // namespace
}  // namespace otpgate::storage::conformance
