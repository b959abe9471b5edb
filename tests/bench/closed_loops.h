#ifndef OTPGATE_TESTS_BENCH_CLOSED_LOOPS_H_
#define OTPGATE_TESTS_BENCH_CLOSED_LOOPS_H_

#include <vector>

#include "absl/status/status.h"
#include "tests/bench/load.h"
#include "tests/bench/meter.h"
#include "tests/bench/operations.h"

namespace otpgate::bench {

struct ClosedLoops {
  size_t server = 0;
  LoadLimits limits;  // of each operation
  bool sessions = true;
  bool every_rpc = false;
};

// Measures each operation in turn on one server. Returns the sessions that VerifyOtp opened; some
// may have ended.
absl::StatusOr<std::vector<Tokens>> MeasureClosedLoops(Meter& meter, People& people,
                                                       RedisDesign* design,
                                                       const ClosedLoops& loops);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_CLOSED_LOOPS_H_
