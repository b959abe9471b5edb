#ifndef OTPGATE_TESTS_BENCH_LOAD_H_
#define OTPGATE_TESTS_BENCH_LOAD_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "tests/bench/arrivals.h"
#include "tests/bench/transport.h"

namespace otpgate::bench {

// What is measured: a call, or several calls that depend on each other. One thread.
class Operation {
 public:
  virtual ~Operation() = default;
  // The first call of the `n`-th operation of a load, from 0.
  virtual LoadCall Begin(int64_t n) = 0;
  // Takes the reply to the last call. Returns the next call, or nothing if the operation is
  // complete.
  virtual std::optional<LoadCall> Continue(int64_t n, const std::string& reply) = 0;
  // Whether a refused call completes the operation with that outcome. False: the refusal ends the
  // load.
  virtual bool Tolerates(int64_t, const absl::Status&) { return false; }
};

// A load begins no operation after the first of `operations` and `duration`, and ends when the last
// one is complete. A closed loop begins at least as many operations as its concurrency.
struct LoadLimits {
  int concurrency = 1;  // operations in flight at most
  int64_t operations = std::numeric_limits<int64_t>::max();
  absl::Duration duration = absl::InfiniteDuration();
  // Not set: a closed loop, in which an operation begins when another one is complete. Set: an open
  // loop, in which operations begin at this average rate (see Arrivals), whether others are
  // complete or not.
  std::optional<double> per_second = {};
  // If not empty, replaces per_second: an open loop whose rate changes.
  std::vector<Phase> phases = {};
};

// The outcome of one operation. Times are counted from the start of the load.
struct Outcome {
  absl::Duration due;    // when it should have begun
  absl::Duration begun;  // when it did: later if all slots or processors were taken
  absl::Duration ended;
  absl::StatusCode code = absl::StatusCode::kOk;
  bool hint = false;  // the refusal says when to try again
};

struct LoadResult {
  absl::Duration elapsed;
  // Of the answered operations, ascending. In an open loop counted from `due`, so that the time
  // that an operation waits for a slow server is included.
  std::vector<absl::Duration> latencies;
  // Of all operations, including refused ones, in the order in which they ended.
  std::vector<Outcome> outcomes = {};
};

// Runs a load. An answer that is not OK ends the load, unless the operation tolerates it, because a
// bench must not measure refusals unnoticed. Returns its status with the name of the method.
absl::StatusOr<LoadResult> RunLoad(Transport& transport, Operation& operation,
                                   const LoadLimits& limits, const Clock& clock = SystemClock());

// `percent`: 0 to 100. `sorted`: ascending, not empty.
absl::Duration Percentile(const std::vector<absl::Duration>& sorted, size_t percent);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_LOAD_H_
