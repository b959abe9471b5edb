#ifndef OTPGATE_TESTS_SIMULATION_RUN_H_
#define OTPGATE_TESTS_SIMULATION_RUN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "tests/simulation/bug.h"
#include "tests/simulation/counts.h"

namespace otpgate::sim {

struct RunResult {
  uint64_t hash = 0;  // of everything that happened
  Counts counts;
  std::optional<std::string> violation;
  std::string report;  // of a violation: seed, last steps and how to replay it
};

inline constexpr int kStepsPerRun = 4000;

// One run, the same for the same arguments, until a promise is broken or the steps are done.
RunResult Simulate(uint64_t seed, Bug bug, int steps = kStepsPerRun);

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_RUN_H_
