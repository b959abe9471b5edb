#include "storage/conformance/storage_fixture.h"

// The store's clock, and writes that come too late.
namespace otpgate::storage::conformance {
namespace {

using ::testing::ElementsAre;

TEST_P(StorageContract, NowIsWholeMicrosecondsAndNeverGoesBack) {
  const auto subjects = NewStore<Subject>();
  const auto buckets = NewStore<Bucket>();
  absl::Time subjects_before = absl::InfinitePast();
  absl::Time buckets_before = absl::InfinitePast();
  for (int i = 0; i < 20; ++i) {
    const auto a = PersistLoad<Subject>(*subjects, {AskFor(SampleSubject(1))});
    const auto b = PersistLoad<Bucket>(*buckets, {{"b"}});
    ASSERT_OK(a);
    ASSERT_OK(b);
    EXPECT_EQ(a->now, absl::FromUnixMicros(absl::ToUnixMicros(a->now)));
    EXPECT_EQ(b->now, absl::FromUnixMicros(absl::ToUnixMicros(b->now)));
    EXPECT_GE(a->now, subjects_before);
    EXPECT_GE(b->now, buckets_before);
    subjects_before = a->now;
    buckets_before = b->now;
  }
}

TEST_P(StorageContract, B3_TooLateIsNotWritten) {
  const auto store = NewStore<Subject>();
  const auto loaded = PersistLoad<Subject>(*store, {AskFor(SampleSubject(1))});
  ASSERT_OK(loaded);
  const auto rows = world().CountRows();
  // valid_until itself is too late.
  for (const absl::Duration early : {absl::ZeroDuration(), absl::Microseconds(1), absl::Hours(1)}) {
    Refuse<Subject>({FullChange(SampleSubject(1), random_), SmallChange(SampleSubject(2), random_)},
                    absl::StatusCode::kFailedPrecondition, loaded->now - early);
    EXPECT_EQ(world().CountRows(), rows) << early;
  }
  Refuse<Bucket>({NewBucket("b")}, absl::StatusCode::kFailedPrecondition, loaded->now);
  EXPECT_EQ(Load("b").version, 0);
}

TEST_P(StorageContract, B3_InTimeIsWritten) {
  const absl::Time later = absl::Now() + absl::Hours(24 * 365 * 100);
  std::vector<Change<Subject>> subjects = {SmallChange(SampleSubject(1), random_)};
  auto fates = Write(subjects, later);
  ASSERT_OK(fates);
  EXPECT_THAT(*fates, ElementsAre(Fate::kWon));
  std::vector<Change<Bucket>> buckets = {NewBucket("b")};
  fates = Write(buckets, later);
  ASSERT_OK(fates);
  EXPECT_THAT(*fates, ElementsAre(Fate::kWon));
}

TEST_P(StorageContract, B3_WithoutALoadNothingIsInTime) {
  const std::vector<Change<Subject>> changes = {SmallChange(SampleSubject(1), random_)};
  const absl::Time later = absl::Now() + absl::Hours(24 * 365 * 100);
  EXPECT_THAT(world().NewSubjects()->Write(changes, later),
              support::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(Load(SampleSubject(1)).version, 0);
  // A write that never expires needs no load.
  EXPECT_OK(world().NewSubjects()->Write(changes, absl::InfiniteFuture()));
  EXPECT_EQ(Load(SampleSubject(1)).version, changes[0].version);
}

}  // namespace
}  // namespace otpgate::storage::conformance
