#ifndef OTPGATE_TESTS_SIMULATION_COUNTS_H_
#define OTPGATE_TESTS_SIMULATION_COUNTS_H_

#include <array>
#include <cstdint>
#include <iterator>
#include <string>

#include "absl/time/time.h"
#include "storage/cleanup.h"

namespace otpgate::sim {

// What runs covered.
struct Counts {
  int64_t runs = 0;
  int64_t steps = 0;
  absl::Duration simulated;
  int64_t calls = 0;
  int64_t answers = 0;
  int64_t commits = 0;
  int64_t checks = 0;
  int64_t logins = 0;
  int64_t wrong_guesses = 0;
  int64_t refreshes = 0;
  int64_t repeats = 0;  // answers given again
  int64_t reuses = 0;   // families ended
  int64_t crashes = 0;
  int64_t failed_loads = 0;
  int64_t failed_writes = 0;
  int64_t doubts = 0;   // COMMITs without an answer
  int64_t hanging = 0;  // of them: still under way afterwards
  int64_t conflicts = 0;
  int64_t lost_replies = 0;
  int64_t outages = 0;
  int64_t clock_steps = 0;                                  // of the store's clock
  std::array<int64_t, std::size(kCleanupKinds)> removed{};  // rows that cleanup removed, by kind
  int64_t violations = 0;

  int64_t removed_of(CleanupKind kind) const { return removed[static_cast<size_t>(kind)]; }
  int64_t faults() const {
    return crashes + failed_loads + failed_writes + doubts + lost_replies + outages;
  }
  void Add(const Counts& other);
  std::string ToText() const;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_COUNTS_H_
