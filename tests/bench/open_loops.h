#ifndef OTPGATE_TESTS_BENCH_OPEN_LOOPS_H_
#define OTPGATE_TESTS_BENCH_OPEN_LOOPS_H_

#include <vector>

#include "absl/status/status.h"
#include "tests/bench/load.h"
#include "tests/bench/meter.h"
#include "tests/bench/operations.h"

namespace otpgate::bench {

struct OpenLoops {
  size_t server = 0;
  LoadLimits limits;  // without the rate
  std::vector<double> shares;
};

// Measures sign-ins, refreshes, and sign-ins of the Redis design unless `design` is null, each at
// shares of its highest rate in `closed`, which holds medians. Leaves out operations that `closed`
// does not contain.
absl::Status MeasureOpenLoops(Meter& meter, People& people, RedisDesign* design,
                              const OpenLoops& loops, const std::vector<Measurement>& closed);

// The highest rate of an operation in closed loops over all concurrencies; 0: never measured.
double MostPerSecond(const std::vector<Measurement>& closed, const std::string& operation,
                     std::optional<int64_t> rows_at_start);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_OPEN_LOOPS_H_
