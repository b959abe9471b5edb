#include <atomic>
#include <thread>
#include <vector>

#include "storage/conformance/storage_fixture.h"
#include "tests/support/trials.h"

// Several servers on the same rows: nothing is lost, nothing counts twice, nobody deadlocks.
namespace otpgate::storage::conformance {
namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 10'000;  // of one increment: a bound, never reached

void RunThreads(const std::function<void(int)>& run) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(run, i);
  for (std::thread& thread : threads) thread.join();
}

// Increments a subject: adds a microsecond, and an audit row to count by.
Change<Subject> Increment(const SubjectKey& key, const Row<Subject>& row, Random& random) {
  Change<Subject> change = NextChange(key, row, random);
  change.state.updated_at += absl::Microseconds(1);
  AuditEvent event;
  event.id = FreshId<AuditId>(random);
  event.at = kSampleTime;
  change.effects.audit = {event};
  return change;
}

// Increments every key: loads and writes the remaining ones until each has won.
void IncrementAll(Store<Subject>& store, std::vector<SubjectKey> keys, Random& random) {
  for (int round = 0; !keys.empty(); ++round) {
    ASSERT_LT(round, kRounds);
    std::vector<SubjectAsk> asks;
    for (const SubjectKey& key : keys) asks.push_back(AskFor(key));
    const auto loaded = PersistLoad<Subject>(store, asks);
    ASSERT_OK(loaded);
    std::vector<Change<Subject>> changes;
    for (size_t i = 0; i < keys.size(); ++i) {
      changes.push_back(Increment(keys[i], loaded->rows[i], random));
    }
    const auto fates = Persist(store, changes, random);
    ASSERT_OK(fates);
    std::vector<SubjectKey> lost;
    for (size_t i = 0; i < keys.size(); ++i) {
      ASSERT_NE((*fates)[i], Fate::kUnknown);
      if ((*fates)[i] == Fate::kLost) lost.push_back(keys[i]);
    }
    keys = lost;
  }
}

TEST_P(StorageContract, B4_ManyServersLoseNoIncrement) {
  const int64_t times = support::Trials(30);
  const std::vector<SubjectKey> keys = {SampleSubject(1), SampleSubject(2), SampleSubject(3)};
  std::vector<std::unique_ptr<Store<Subject>>> stores;
  for (int i = 0; i < kThreads; ++i) stores.push_back(NewStore<Subject>());
  RunThreads([&](int thread) {
    support::SeededRandom random(1000 + thread);
    for (int64_t i = 0; i < times; ++i) IncrementAll(*stores[thread], keys, random);
  });
  for (const SubjectKey& key : keys) {
    EXPECT_EQ(Load(key).state.updated_at, absl::FromUnixMicros(kThreads * times));
    EXPECT_EQ(static_cast<int64_t>(world().AuditOf(key).size()), kThreads * times);
  }
}

// Without injected faults only conflicts may happen: no deadlock, no error.
TEST_P(StorageContract, OppositeOrdersDoNotDeadlock) {
  const int64_t rounds = support::Trials(50);
  constexpr int kKeys = 12;
  std::vector<std::unique_ptr<Store<Subject>>> stores;
  for (int i = 0; i < kThreads; ++i) stores.push_back(world().NewSubjects());
  std::atomic<int64_t> wins = 0;
  RunThreads([&](int thread) {
    support::SeededRandom random(2000 + thread);
    std::vector<SubjectAsk> asks;
    for (int i = 0; i < kKeys; ++i) {
      asks.push_back(AskFor(SampleSubject(thread % 2 == 0 ? i : kKeys - 1 - i)));
    }
    for (int64_t round = 0; round < rounds; ++round) {
      const auto loaded = stores[thread]->Load(asks);
      ASSERT_OK(loaded);
      std::vector<Change<Subject>> changes;
      for (int i = 0; i < kKeys; ++i) {
        changes.push_back(Increment(asks[i].key, loaded->rows[i], random));
      }
      const auto won = stores[thread]->Write(changes, absl::InfiniteFuture());
      ASSERT_OK(won);
      for (const bool one : *won) wins += one ? 1 : 0;
    }
  });
  int64_t counted = 0;
  for (int i = 0; i < kKeys; ++i) {
    counted += absl::ToUnixMicros(Load(SampleSubject(i)).state.updated_at);
  }
  EXPECT_EQ(counted, wins.load());
  EXPECT_GE(wins.load(), rounds);
}

// The only evidence of a bucket's write is its version: after two other writes its fate is unknown.
TEST_P(StorageContract, D1_ManyServersLoseNoTakeOfABucket) {
  const int64_t times = support::Trials(50);
  std::vector<std::unique_ptr<Store<Bucket>>> stores;
  for (int i = 0; i < kThreads; ++i) stores.push_back(NewStore<Bucket>());
  std::atomic<int64_t> won = 0;
  std::atomic<int64_t> unknown = 0;
  RunThreads([&](int thread) {
    support::SeededRandom random(3000 + thread);
    for (int64_t i = 0; i < times; ++i) {
      Fate fate = Fate::kLost;
      for (int round = 0; fate == Fate::kLost; ++round) {
        ASSERT_LT(round, kRounds);
        const auto loaded = PersistLoad<Bucket>(*stores[thread], {{"b"}});
        ASSERT_OK(loaded);
        std::vector<Change<Bucket>> changes(1);
        changes[0].key = "b";
        changes[0].expected = loaded->rows[0].version;
        changes[0].version = FreshVersion(random);
        changes[0].state.tat = loaded->rows[0].state.tat + absl::Microseconds(1);
        const auto fates = Persist(*stores[thread], changes, random);
        ASSERT_OK(fates);
        fate = fates->at(0);
      }
      ++(fate == Fate::kWon ? won : unknown);
    }
  });
  const int64_t taken = absl::ToUnixMicros(Load("b").state.tat);
  EXPECT_GE(taken, won.load());
  EXPECT_LE(taken, won.load() + unknown.load());
  EXPECT_EQ(won.load() + unknown.load(), kThreads * times);
  if (GetParam().fault_rate == 0) {
    EXPECT_EQ(unknown.load(), 0);
  }
}

}  // namespace
}  // namespace otpgate::storage::conformance
