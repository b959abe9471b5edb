#ifndef OTPGATE_TESTS_SIMULATION_JANITOR_H_
#define OTPGATE_TESTS_SIMULATION_JANITOR_H_

#include <functional>
#include <utility>

#include "storage/memory/database.h"
#include "tests/simulation/plan.h"

namespace otpgate::sim {

// Removes rows at rest. Nobody is told: that they are gone must be seen by nobody. `is_locked`
// tells which subjects somebody holds: those are skipped.
class Janitor {
 public:
  struct Locks {
    std::function<bool(const SubjectKey&)> subject;
    std::function<bool(const AccountKey&)> session;
  };

  Janitor(const Plan& plan, MemoryDatabase& database, Locks is_locked)
      : plan_(plan), database_(database), is_locked_(std::move(is_locked)) {}

  // Returns how many rows went.
  int Clean();

 private:
  bool SessionIsOver(const memory::SessionRow& row, absl::Time now) const;
  bool SubjectRests(const SubjectKey& key, const SubjectState& state, absl::Time now) const;

  const Plan& plan_;
  MemoryDatabase& database_;
  const Locks is_locked_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_JANITOR_H_
