#ifndef OTPGATE_TESTS_SIMULATION_IN_FLIGHT_COMMITS_H_
#define OTPGATE_TESTS_SIMULATION_IN_FLIGHT_COMMITS_H_

#include <functional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "storage/memory/database.h"
#include "storage/memory/rows.h"
#include "storage/storage.h"

namespace otpgate::simulation {

// COMMITs in progress whose server got no answer. Their rows stay unchanged and locked until the
// COMMIT is applied or dropped. One thread.
template <class A>
class InFlightCommits {
 public:
  // Called for every change that is applied. `sent`: when its COMMIT was sent.
  using OnApplied = std::function<void(const storage::Change<A>& change, absl::Time sent)>;

  InFlightCommits(storage::memory::MemoryDatabase& database, OnApplied on_applied)
      : database_(database), on_applied_(std::move(on_applied)) {}

  void Add(absl::Span<const storage::Change<A>> changes, absl::Time sent, absl::Time ends,
           bool is_applied) {
    Commit commit{.changes = {}, .sent = sent, .ends = ends, .is_applied = is_applied};
    database_.With([&](storage::memory::Tables& tables) {
      for (const storage::Change<A>& change : changes) {
        if (storage::memory::Wins(tables, change)) commit.changes.push_back(change);
      }
    });
    commits_.push_back(std::move(commit));
  }

  bool Holds(const typename A::Key& key) const {
    return absl::c_any_of(commits_, [&](const Commit& commit) {
      return absl::c_any_of(commit.changes,
                            [&](const storage::Change<A>& change) { return change.key == key; });
    });
  }
  bool empty() const { return commits_.empty(); }

  void EndDue(absl::Time now) {
    for (size_t i = 0; i < commits_.size();) {
      if (now < commits_[i].ends) {
        ++i;
        continue;
      }
      const Commit commit = std::move(commits_[i]);
      commits_.erase(commits_.begin() + static_cast<std::ptrdiff_t>(i));
      if (commit.is_applied) Apply(commit);
    }
  }

 private:
  struct Commit {
    std::vector<storage::Change<A>> changes;  // those whose guards held when it was sent
    absl::Time sent;
    absl::Time ends;
    bool is_applied = false;
  };

  void Apply(const Commit& commit) {
    for (const storage::Change<A>& change : commit.changes) {
      database_.With(
          [&](storage::memory::Tables& tables) { storage::memory::Apply(tables, change); });
      on_applied_(change, commit.sent);
    }
  }

  storage::memory::MemoryDatabase& database_;
  const OnApplied on_applied_;
  std::vector<Commit> commits_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_IN_FLIGHT_COMMITS_H_
