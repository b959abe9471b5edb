#include "storage/conformance/faulty_store.h"

#include <gmock/gmock.h>

#include <deque>
#include <memory>
#include <vector>

#include "storage/conformance/persist.h"
#include "storage/conformance/samples.h"
#include "storage/memory/database.h"
#include "storage/memory/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace otpgate::storage::conformance {
namespace {

using ::testing::ElementsAre;

class FaultyStoreTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Store<Subject>> Memory(memory::MemoryDatabase& database) {
    return std::make_unique<memory::MemoryStore<Subject>>(database);
  }
  Version Stored(const SubjectKey& key) {
    return memory::MemoryStore<Subject>(database_).Load({AskFor(key)})->rows[0].version;
  }

  support::FakeClock clock_;
  memory::MemoryDatabase database_{clock_};
  ScriptedFaults faults_;
  FaultyStore<Subject> store_{Memory(database_), faults_};
  support::SeededRandom random_{1};
  const SubjectKey key_ = SampleSubject(1);
};

struct FaultCase {
  const char* name;
  Fault fault;
  absl::StatusCode code;
  bool written;
};

constexpr FaultCase kFaults[] = {
    {"None", Fault::kNone, absl::StatusCode::kOk, true},
    {"Unavailable", Fault::kUnavailable, absl::StatusCode::kUnavailable, false},
    {"UnknownDone", Fault::kUnknownDone, absl::StatusCode::kUnknown, true},
    {"UnknownNotDone", Fault::kUnknownNotDone, absl::StatusCode::kUnknown, false},
    {"Aborted", Fault::kAborted, absl::StatusCode::kAborted, false},
    {"DeadlineExceeded", Fault::kDeadlineExceeded, absl::StatusCode::kDeadlineExceeded, false},
    {"FailedPrecondition", Fault::kFailedPrecondition, absl::StatusCode::kFailedPrecondition,
     false},
};

TEST_F(FaultyStoreTest, EachFaultDoesWhatItSays) {
  int n = 10;
  for (const FaultCase& c : kFaults) {
    faults_.OnWrites({c.fault});
    const Change<Subject> change = SmallChange(SampleSubject(++n), random_);
    EXPECT_THAT(store_.Write({change}, absl::InfiniteFuture()), support::StatusIs(c.code))
        << c.name;
    EXPECT_EQ(Stored(change.key), c.written ? change.version : 0) << c.name;
  }
}

TEST_F(FaultyStoreTest, LoadsFailAsScripted) {
  faults_.OnLoads({Fault::kNone, Fault::kUnavailable});
  EXPECT_OK(store_.Load({AskFor(key_)}));
  EXPECT_THAT(store_.Load({AskFor(key_)}), support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_OK(store_.Load({AskFor(key_)}));
}

TEST_F(FaultyStoreTest, ARealErrorIsPassedOn) {
  faults_.OnWrites({Fault::kUnknownDone});
  Change<Subject> change = SmallChange(key_, random_);
  change.version = 0;
  EXPECT_THAT(store_.Write({change}, absl::InfiniteFuture()),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(FaultyStoreTest, SeededFaultsRepeatAndComeInEveryKind) {
  SeededFaults a(5, 0.5);
  SeededFaults b(5, 0.5);
  std::vector<int> seen(7);
  for (int i = 0; i < 1000; ++i) {
    const Fault fault = a.NextWrite();
    EXPECT_EQ(fault, b.NextWrite());
    ++seen[static_cast<size_t>(fault)];
    EXPECT_EQ(a.NextLoad(), b.NextLoad());
  }
  EXPECT_THAT(seen, ::testing::Each(::testing::Gt(40)));
  EXPECT_NEAR(seen[0], 500, 100);
}

TEST_F(FaultyStoreTest, PersistWritesOnceThroughEveryPairOfFaults) {
  int n = 100;
  for (const FaultCase& first : kFaults) {
    for (const FaultCase& second : kFaults) {
      faults_.OnWrites({first.fault, second.fault});
      faults_.OnLoads({Fault::kUnavailable, Fault::kNone, Fault::kUnavailable});
      std::vector<Change<Subject>> changes = {FullChange(SampleSubject(++n), random_)};
      const auto fates = Persist(store_, changes, random_);
      ASSERT_OK(fates);
      EXPECT_THAT(*fates, ElementsAre(Fate::kWon)) << first.name << second.name;
      EXPECT_EQ(Stored(changes[0].key), changes[0].version) << first.name << second.name;
      EXPECT_EQ(database_.AuditEvents().size(), 2u * (n - 100)) << first.name << second.name;
    }
  }
}

// After the first write, others write the same subject before its outcome is read.
class BusyStore final : public Store<Subject> {
 public:
  BusyStore(Store<Subject>& inner, memory::MemoryDatabase& database, int others, Random& random)
      : inner_(inner), mine_(database), others_(others), random_(random) {}

  absl::StatusOr<Loaded<Subject>> Load(absl::Span<const SubjectAsk> asks) override {
    return inner_.Load(asks);
  }
  absl::StatusOr<Won> Write(absl::Span<const Change<Subject>> changes,
                            absl::Time valid_until) override {
    absl::StatusOr<Won> won = inner_.Write(changes, valid_until);
    for (; others_ > 0; --others_) {
      const SubjectKey& key = changes[0].key;
      const Row<Subject> row = mine_.Load({AskFor(key)})->rows[0];
      EXPECT_OK(mine_.Write({NextChange(key, row, random_)}, absl::InfiniteFuture()));
    }
    return won;
  }

 private:
  Store<Subject>& inner_;
  memory::MemoryStore<Subject> mine_;
  int others_;
  Random& random_;
};

struct UnknownCase {
  Fault fault;
  int others;
  bool evidence;
  Fate fate;
};

TEST_F(FaultyStoreTest, PersistResolvesADoubtByVersionPreviousOrRecord) {
  const UnknownCase cases[] = {
      {Fault::kUnknownDone, 0, false, Fate::kWon},
      {Fault::kUnknownDone, 1, false, Fate::kWon},
      {Fault::kUnknownDone, 2, true, Fate::kWon},
      {Fault::kUnknownDone, 2, false, Fate::kUnknown},
      {Fault::kUnknownNotDone, 0, false, Fate::kWon},
      {Fault::kUnknownNotDone, 1, true, Fate::kLost},
      {Fault::kUnknownNotDone, 1, false, Fate::kUnknown},
  };
  int n = 200;
  for (const UnknownCase& c : cases) {
    faults_.OnWrites({c.fault});
    BusyStore busy(store_, database_, c.others, random_);
    std::vector<Change<Subject>> changes = {SmallChange(SampleSubject(++n), random_)};
    if (!c.evidence) changes[0].effects.requests.clear();
    const auto fates = Persist(busy, changes, random_);
    ASSERT_OK(fates);
    EXPECT_THAT(*fates, ElementsAre(c.fate)) << n - 200;
  }
}

TEST_F(FaultyStoreTest, PersistGivesUpInTheEnd) {
  faults_.OnWrites(std::deque<Fault>(kPersistTries, Fault::kAborted));
  std::vector<Change<Subject>> changes = {SmallChange(key_, random_)};
  EXPECT_THAT(Persist(store_, changes, random_), support::StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(Stored(key_), 0);
}

}  // namespace
}  // namespace otpgate::storage::conformance
