#ifndef OTPGATE_TESTS_SIMULATION_CLEANUP_ACTOR_H_
#define OTPGATE_TESTS_SIMULATION_CLEANUP_ACTOR_H_

#include <functional>
#include <string>

#include "storage/cleanup.h"
#include "storage/memory/cleaner.h"
#include "storage/memory/database.h"
#include "tests/simulation/counts.h"
#include "tests/simulation/plan.h"

namespace otpgate::simulation {

// Runs the cleanup of the service over the memory store, with the planted bugs of cleanup. The
// model is not told which rows went, because their removal must have no visible effect. Rows for
// which `is_locked` returns true are skipped, as is everything they own. One thread.
class CleanupActor {
 public:
  struct Locks {
    std::function<bool(const storage::SubjectKey&)> subject;
    std::function<bool(const storage::AccountKey&)> session;
    std::function<bool(const std::string&)> bucket;
  };

  CleanupActor(const Plan& plan, storage::memory::MemoryDatabase& database, Counts& counts,
               Locks is_locked);

  // Cleans all kinds of rows once. Returns the number of removed rows.
  int Clean();

 private:
  int CleanKind(storage::CleanupKind kind);
  int TakeOneTooMany();
  int TakeAccounts();

  const Plan& plan_;
  storage::memory::MemoryDatabase& database_;
  Counts& counts_;
  const Locks is_locked_;
  const storage::Retention retention_;
  storage::memory::MemoryCleaner cleaner_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_CLEANUP_ACTOR_H_
