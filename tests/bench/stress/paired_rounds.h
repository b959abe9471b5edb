#ifndef OTPGATE_TESTS_BENCH_STRESS_PAIRED_ROUNDS_H_
#define OTPGATE_TESTS_BENCH_STRESS_PAIRED_ROUNDS_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/load.h"

namespace otpgate::bench {

// Results of the same load, run in turns with and without something else, so that changes of the
// machine affect both alike. One value per round.
struct PairedRounds {
  std::vector<double> p50_without_ms;
  std::vector<double> p50_with_ms;
  std::vector<double> p99_without_ms;
  std::vector<double> p99_with_ms;

  // The median with, divided by the median without; 0: there were no rounds.
  double p50_ratio() const;
  double p99_ratio() const;
};

// Calls `run` twice a round, with true and false, in alternating order. An error of `run` ends it.
absl::StatusOr<PairedRounds> RunPaired(
    int rounds, absl::FunctionRef<absl::StatusOr<LoadResult>(bool with)> run);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_PAIRED_ROUNDS_H_
