#ifndef OTPGATE_TESTS_SIMULATION_COUNTS_H_
#define OTPGATE_TESTS_SIMULATION_COUNTS_H_

#include <array>
#include <cstdint>
#include <iterator>
#include <string>

#include "absl/time/time.h"
#include "storage/cleanup.h"

namespace otpgate::simulation {

// How often things happened in one run or in several.
struct Counts {
  int64_t runs = 0;
  int64_t steps = 0;
  absl::Duration simulated;
  int64_t calls = 0;
  int64_t answers = 0;
  int64_t commits = 0;
  int64_t checks = 0;
  int64_t logins = 0;
  int64_t verifications = 0;
  int64_t wrong_guesses = 0;
  int64_t refreshes = 0;
  int64_t repeats = 0;  // answers that repeated an earlier one
  int64_t reuses = 0;   // sessions ended because an old token was reused
  int64_t crashes = 0;
  int64_t failed_loads = 0;
  int64_t failed_writes = 0;
  int64_t uncertain_writes = 0;  // COMMITs without an answer
  int64_t in_flight = 0;         // of these: still in progress at that time
  int64_t conflicts = 0;
  int64_t lost_replies = 0;
  int64_t outages = 0;
  int64_t clock_steps = 0;  // of the store's clock
  std::array<int64_t, std::size(storage::kCleanupKinds)>
      removed{};  // rows removed by cleanup, by kind
  int64_t violations = 0;

  int64_t removed_of(storage::CleanupKind kind) const { return removed[static_cast<size_t>(kind)]; }
  int64_t faults() const {
    return crashes + failed_loads + failed_writes + uncertain_writes + lost_replies + outages;
  }
  void Add(const Counts& other);
  std::string ToText() const;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_COUNTS_H_
