#include "storage/conformance/broken_rows.h"
#include "storage/conformance/storage_fixture.h"

// A row that breaks a rule is refused, and everything in the same write with it. The tests write
// without Persist, which would replace a bad version by a new one.
namespace otpgate::storage::conformance {
namespace {

TEST_P(StorageContract, EachBrokenSubjectIsRefusedAndItsNeighbourUntouched) {
  const auto store = world().NewSubjects();
  const auto rows = world().CountRows();
  for (const BrokenRow<Subject>& broken : BrokenSubjects()) {
    Change<Subject> good = FullChange(SampleSubject(1), random_);
    Change<Subject> bad = FullChange(SampleSubject(2), random_);
    broken.edit(bad);
    EXPECT_THAT(store->Write({good, bad}, absl::InfiniteFuture()),
                support::StatusIs(absl::StatusCode::kInvalidArgument))
        << broken.name;
    EXPECT_EQ(world().CountRows(), rows) << broken.name;
  }
  Change<Subject> good = FullChange(SampleSubject(1), random_);
  Win(good);
}

TEST_P(StorageContract, EachBrokenBucketIsRefusedAndItsNeighbourUntouched) {
  const auto store = world().NewBuckets();
  for (const BrokenRow<Bucket>& broken : BrokenBuckets()) {
    Change<Bucket> bad = NewBucket("bad");
    broken.edit(bad);
    EXPECT_THAT(store->Write({NewBucket("good"), bad}, absl::InfiniteFuture()),
                support::StatusIs(absl::StatusCode::kInvalidArgument))
        << broken.name;
    EXPECT_EQ(world().CountRows()["limits"], 0) << broken.name;
  }
}

TEST_P(StorageContract, OneVersionTwiceInAWriteIsRefused) {
  const Change<Subject> a = SmallChange(SampleSubject(1), random_);
  Change<Subject> b = SmallChange(SampleSubject(2), random_);
  b.version = a.version;
  EXPECT_THAT(world().NewSubjects()->Write({a, b}, absl::InfiniteFuture()),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(Load(a.key).version, 0);
  EXPECT_EQ(Load(b.key).version, 0);
}

TEST_P(StorageContract, L4_ARefusalNamesNoValue) {
  Change<Subject> change = FullChange({"secret@example.com", UserType::kLive}, random_);
  change.effects.sessions[0].device_info.assign(513, 'd');
  const auto won = world().NewSubjects()->Write({change}, absl::InfiniteFuture());
  EXPECT_THAT(won, support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(won.status().message(), ::testing::Not(::testing::HasSubstr("secret")));
  EXPECT_THAT(won.status().message(), ::testing::Not(::testing::HasSubstr("ddd")));
}

}  // namespace
}  // namespace otpgate::storage::conformance
