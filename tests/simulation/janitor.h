#ifndef OTPGATE_TESTS_SIMULATION_JANITOR_H_
#define OTPGATE_TESTS_SIMULATION_JANITOR_H_

#include <functional>
#include <string>

#include "storage/cleanup.h"
#include "storage/memory/cleaner.h"
#include "storage/memory/database.h"
#include "tests/simulation/counts.h"
#include "tests/simulation/plan.h"

namespace otpgate::sim {

// Runs the cleanup of the service over the memory store, with the planted bugs of cleanup. Nobody
// is told: that rows are gone must be seen by nobody. `is_locked` tells which rows somebody holds:
// those are skipped, with everything they own. One thread.
class Janitor {
 public:
  struct Locks {
    std::function<bool(const SubjectKey&)> subject;
    std::function<bool(const AccountKey&)> session;
    std::function<bool(const std::string&)> bucket;
  };

  Janitor(const Plan& plan, MemoryDatabase& database, Counts& counts, Locks is_locked);

  // A round over all kinds of rows. Returns how many rows went.
  int Clean();

 private:
  int CleanKind(CleanupKind kind);
  int TakeOneTooMany();
  int TakeAccounts();

  const Plan& plan_;
  MemoryDatabase& database_;
  Counts& counts_;
  const Locks is_locked_;
  const Retention retention_;
  MemoryCleaner cleaner_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_JANITOR_H_
