#ifndef OTPGATE_TESTS_SIMULATION_SIM_STORE_H_
#define OTPGATE_TESTS_SIMULATION_SIM_STORE_H_

#include <type_traits>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "storage/memory/store.h"
#include "tests/simulation/bug.h"
#include "tests/simulation/hanging.h"
#include "tests/simulation/weather.h"

namespace otpgate::sim {

// What the stores of all servers share.
template <class A>
struct Sea {
  MemoryDatabase* database = nullptr;
  Hanging<A>* hanging = nullptr;
  Weather* weather = nullptr;
  typename Hanging<A>::TakenHold committed;
  Bug bug = Bug::kNone;
};

// One server's way into the memory store, with accidents that the contract of storage/storage.h
// allows, and with the planted bugs of stores. One thread.
template <class A>
class SimStore final : public Store<A> {
 public:
  using typename Store<A>::Won;

  SimStore(Sea<A>& sea, size_t server) : sea_(sea), server_(server), inner_(*sea.database) {}

  absl::StatusOr<Loaded<A>> Load(absl::Span<const typename A::Ask> asks) override {
    if (sea_.weather->LoadFails(server_)) return absl::UnavailableError("away");
    if (sea_.weather->LoadIsRestless()) return absl::AbortedError("restless");
    return inner_.Load(asks);
  }

  absl::StatusOr<Won> Write(absl::Span<const Change<A>> changes, absl::Time valid_until) override {
    if (sea_.bug == Bug::kExpiryNotCheckedBeforeCommit) valid_until = absl::InfiniteFuture();
    if (absl::c_any_of(changes, [&](const auto& c) { return sea_.hanging->Holds(c.key); })) {
      return absl::DeadlineExceededError("locked");
    }
    switch (sea_.weather->NextWrite(server_)) {
      case WriteFault::kNone:
        return Commit(changes, valid_until);
      case WriteFault::kUnavailable:
        return absl::UnavailableError("away");
      case WriteFault::kAborted:
        return absl::AbortedError("serialization failure");
      case WriteFault::kDeadlineExceeded:
        return absl::DeadlineExceededError("locked");
      case WriteFault::kUnknownDone: {
        absl::StatusOr<Won> won = Commit(changes, valid_until);
        if (won.ok()) return absl::UnknownError("lost, done");
        return won;
      }
      case WriteFault::kUnknownNotDone:
        return absl::UnknownError("lost, not done");
      case WriteFault::kUnknownHanging:
        return Hang(changes, valid_until);
    }
    return absl::InternalError("no such fault");
  }

 private:
  absl::StatusOr<Won> Commit(absl::Span<const Change<A>> changes, absl::Time valid_until) {
    absl::StatusOr<Won> won = inner_.Write(Spoilt(changes), valid_until);
    if (!won.ok()) return won;
    const absl::Time sent = sea_.database->clock().Now();
    for (size_t i = 0; i < changes.size(); ++i) {
      if ((*won)[i]) sea_.committed(changes[i], sent);
      if (!(*won)[i]) sea_.weather->NoteConflict();
    }
    return won;
  }

  // Goes through everything before COMMIT, and there it stays.
  absl::StatusOr<Won> Hang(absl::Span<const Change<A>> changes, absl::Time valid_until) {
    if (absl::StatusOr<Won> checked = inner_.Write({}, valid_until); !checked.ok()) {
      return checked;
    }
    const std::vector<Change<A>> spoilt = Spoilt(changes);
    sea_.hanging->Add(spoilt, sea_.database->clock().Now(), sea_.weather->HangEnds(),
                      sea_.weather->HangTakesHold());
    return absl::UnknownError("lost, under way");
  }

  std::vector<Change<A>> Spoilt(absl::Span<const Change<A>> changes) {
    std::vector<Change<A>> spoilt(changes.begin(), changes.end());
    const bool guard_dropped = sea_.bug == Bug::kGuardDropped ||
                               (sea_.bug == Bug::kBucketGuardDropped && std::is_same_v<A, Bucket>);
    for (Change<A>& change : spoilt) {
      if (guard_dropped) DropGuard(change);
      if constexpr (std::is_same_v<A, Subject>) {
        if (sea_.bug == Bug::kChangeTorn) change.state.codes = change.before.codes;
      }
    }
    return spoilt;
  }

  void DropGuard(Change<A>& change) {
    sea_.database->With([&](memory::Tables& tables) {
      typename A::Ask ask;
      ask.key = change.key;
      change.expected = memory::Read(tables, ask).version;
    });
  }

  Sea<A>& sea_;
  const size_t server_;
  MemoryStore<A> inner_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_SIM_STORE_H_
