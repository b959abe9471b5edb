#ifndef OTPGATE_TESTS_SIMULATION_HANGING_H_
#define OTPGATE_TESTS_SIMULATION_HANGING_H_

#include <functional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "storage/memory/database.h"
#include "storage/memory/rows.h"
#include "storage/storage.h"

namespace otpgate::sim {

// COMMITs that are under way in the store, without the server that sent them. Their rows stay as
// they were, and locked, until each takes hold or dies. One thread.
template <class A>
class Hanging {
 public:
  // `taken_hold` gets every change that takes hold, with the moment its COMMIT was sent.
  using TakenHold = std::function<void(const Change<A>& change, absl::Time sent)>;

  Hanging(MemoryDatabase& database, TakenHold taken_hold)
      : database_(database), taken_hold_(std::move(taken_hold)) {}

  void Add(absl::Span<const Change<A>> changes, absl::Time sent, absl::Time ends, bool takes_hold) {
    Commit commit{.changes = {}, .sent = sent, .ends = ends, .takes_hold = takes_hold};
    database_.With([&](memory::Tables& tables) {
      for (const Change<A>& change : changes) {
        if (memory::Wins(tables, change)) commit.changes.push_back(change);
      }
    });
    commits_.push_back(std::move(commit));
  }

  bool Holds(const typename A::Key& key) const {
    return absl::c_any_of(commits_, [&](const Commit& commit) {
      return absl::c_any_of(commit.changes,
                            [&](const Change<A>& change) { return change.key == key; });
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
      if (commit.takes_hold) Apply(commit);
    }
  }

 private:
  struct Commit {
    std::vector<Change<A>> changes;  // those that won when it was sent
    absl::Time sent;
    absl::Time ends;
    bool takes_hold = false;
  };

  void Apply(const Commit& commit) {
    for (const Change<A>& change : commit.changes) {
      database_.With([&](memory::Tables& tables) { memory::Apply(tables, change); });
      taken_hold_(change, commit.sent);
    }
  }

  MemoryDatabase& database_;
  const TakenHold taken_hold_;
  std::vector<Commit> commits_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_HANGING_H_
