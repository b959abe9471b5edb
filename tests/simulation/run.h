#ifndef OTPGATE_TESTS_SIMULATION_RUN_H_
#define OTPGATE_TESTS_SIMULATION_RUN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "tests/simulation/bug.h"
#include "tests/simulation/counts.h"

namespace otpgate::simulation {

struct RunResult {
  uint64_t hash = 0;  // of the trace
  Counts counts;
  std::optional<std::string> violation;
  std::string report;  // of a violation: the seed, the last steps and how to replay the run
};

inline constexpr int kStepsPerRun = 4000;

// Simulates `steps` steps, fewer if a promise is broken. The same arguments give the same result.
RunResult Simulate(uint64_t seed, Bug bug, int steps = kStepsPerRun);

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_RUN_H_
