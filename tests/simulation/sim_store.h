#ifndef OTPGATE_TESTS_SIMULATION_SIM_STORE_H_
#define OTPGATE_TESTS_SIMULATION_SIM_STORE_H_

#include <type_traits>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "storage/memory/store.h"
#include "tests/simulation/bug.h"
#include "tests/simulation/fault_injector.h"
#include "tests/simulation/in_flight_commits.h"

namespace otpgate::simulation {

// What the stores of all servers share for one kind of row.
template <class A>
struct SharedStore {
  storage::memory::MemoryDatabase* database = nullptr;
  InFlightCommits<A>* in_flight = nullptr;
  FaultInjector* faults = nullptr;
  typename InFlightCommits<A>::OnApplied committed;
  Bug bug = Bug::kNone;
};

// The store of one server: the memory store with faults that the contract of storage/storage.h
// allows, and with the planted bugs of stores. One thread.
template <class A>
class SimStore final : public storage::Store<A> {
 public:
  using typename storage::Store<A>::Won;

  SimStore(SharedStore<A>& shared, size_t server)
      : shared_(shared), server_(server), inner_(*shared.database) {}

  absl::StatusOr<storage::Loaded<A>> Load(absl::Span<const typename A::Ask> asks) override {
    if (shared_.faults->LoadFails(server_)) return absl::UnavailableError("unreachable");
    if (shared_.faults->RowKeepsChanging()) return absl::AbortedError("changing");
    return inner_.Load(asks);
  }

  absl::StatusOr<Won> Write(absl::Span<const storage::Change<A>> changes,
                            absl::Time valid_until) override {
    if (shared_.bug == Bug::kExpiryNotCheckedBeforeCommit) valid_until = absl::InfiniteFuture();
    if (absl::c_any_of(changes, [&](const auto& c) { return shared_.in_flight->Holds(c.key); })) {
      return absl::DeadlineExceededError("locked");
    }
    switch (shared_.faults->NextWrite(server_)) {
      case WriteFault::kNone:
        return Commit(changes, valid_until);
      case WriteFault::kUnavailable:
        return absl::UnavailableError("unreachable");
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
      case WriteFault::kUnknownInFlight:
        return LeaveInFlight(changes, valid_until);
    }
    return absl::InternalError("no such fault");
  }

 private:
  absl::StatusOr<Won> Commit(absl::Span<const storage::Change<A>> changes, absl::Time valid_until) {
    absl::StatusOr<Won> won = inner_.Write(WithBug(changes), valid_until);
    if (!won.ok()) return won;
    const absl::Time sent = shared_.database->clock().Now();
    for (size_t i = 0; i < changes.size(); ++i) {
      if ((*won)[i]) shared_.committed(changes[i], sent);
      if (!(*won)[i]) shared_.faults->NoteConflict();
    }
    return won;
  }

  // Does all checks before COMMIT and leaves the COMMIT in flight.
  absl::StatusOr<Won> LeaveInFlight(absl::Span<const storage::Change<A>> changes,
                                    absl::Time valid_until) {
    if (absl::StatusOr<Won> checked = inner_.Write({}, valid_until); !checked.ok()) {
      return checked;
    }
    const std::vector<storage::Change<A>> with_bug = WithBug(changes);
    shared_.in_flight->Add(with_bug, shared_.database->clock().Now(),
                           shared_.faults->InFlightEnds(), shared_.faults->InFlightIsApplied());
    return absl::UnknownError("lost, in flight");
  }

  std::vector<storage::Change<A>> WithBug(absl::Span<const storage::Change<A>> changes) {
    std::vector<storage::Change<A>> with_bug(changes.begin(), changes.end());
    const bool guard_dropped =
        shared_.bug == Bug::kGuardDropped ||
        (shared_.bug == Bug::kBucketGuardDropped && std::is_same_v<A, storage::Bucket>);
    for (storage::Change<A>& change : with_bug) {
      if (guard_dropped) DropGuard(change);
      if constexpr (std::is_same_v<A, storage::Subject>) {
        if (shared_.bug == Bug::kChangeTorn) change.state.codes = change.before.codes;
      }
    }
    return with_bug;
  }

  void DropGuard(storage::Change<A>& change) {
    shared_.database->With([&](storage::memory::Tables& tables) {
      typename A::Ask ask;
      ask.key = change.key;
      change.expected = storage::memory::Read(tables, ask).version;
    });
  }

  SharedStore<A>& shared_;
  const size_t server_;
  storage::memory::MemoryStore<A> inner_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_SIM_STORE_H_
