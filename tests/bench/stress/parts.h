#ifndef OTPGATE_TESTS_BENCH_STRESS_PARTS_H_
#define OTPGATE_TESTS_BENCH_STRESS_PARTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/stress/cleaning.h"
#include "tests/bench/stress/guesses.h"
#include "tests/bench/stress/overload.h"

namespace otpgate::bench {

// The plans of the parts that measure how a server holds out.
struct StressPlan {
  OverloadPlan overload = {};
  GuessesPlan guesses = {};
  CleaningPlan cleaning = {};
};

struct StressResult {
  std::string json;
  std::string text;
};

// Runs the part of this name ("overload", "guesses", "cleanup") with `server_program`, which is
// otpgate-bench-server. INVALID_ARGUMENT: no such part. Other errors are those of the part.
absl::StatusOr<StressResult> RunStressPart(const std::string& name,
                                           const std::string& server_program,
                                           const StressPlan& plan);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_PARTS_H_
