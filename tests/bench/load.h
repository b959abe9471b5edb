#ifndef OTPGATE_TESTS_BENCH_LOAD_H_
#define OTPGATE_TESTS_BENCH_LOAD_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/runtime/clock.h"
#include "tests/bench/arrivals.h"
#include "tests/bench/transport.h"

namespace otpgate::bench {

// What is measured: one call, or a chain of them. Used by one thread.
class Operation {
 public:
  virtual ~Operation() = default;
  // The first call of the `n`-th operation of a load, from 0.
  virtual LoadCall Begin(int64_t n) = 0;
  // Its call was answered with `reply`: the next one, or nothing when the operation is complete.
  virtual std::optional<LoadCall> Continue(int64_t n, const std::string& reply) = 0;
  // Its call was refused. True: the operation is complete, with this outcome; false: so is the
  // load.
  virtual bool Bears(int64_t, const absl::Status&) { return false; }
};

// A load begins no operation after whichever comes first, and ends with the last one under way. A
// closed loop begins as many as its concurrency in any case.
struct LoadLimits {
  int concurrency = 1;  // operations under way at most
  int64_t operations = std::numeric_limits<int64_t>::max();
  absl::Duration duration = absl::InfiniteDuration();
  // Not set: a closed loop, the next operation begins when one is complete. Set: an open loop, so
  // many begin per second on average, as Arrivals says, whether others are complete or not.
  std::optional<double> per_second = {};
  // Instead of per_second, when not empty: an open loop whose rate changes.
  std::vector<Phase> phases = {};
};

// How one operation went. Times are counted from the start of the load.
struct Outcome {
  absl::Duration due;    // when it was to begin
  absl::Duration begun;  // when it did: later if all slots were taken or the load had no processor
  absl::Duration ended;
  absl::StatusCode code = absl::StatusCode::kOk;
  bool hint = false;  // the refusal says when to try again
};

struct LoadResult {
  absl::Duration elapsed;
  // One per operation, ascending. In an open loop from the time it was to begin, so that what waits
  // for a slow server counts.
  std::vector<absl::Duration> latencies;
  // Of all operations, those that were refused too, as they ended.
  std::vector<Outcome> outcomes = {};
};

// An answer but OK, unless the operation bears it, ends the load and is returned with the name of
// its method: a bench must not measure refusals unawares.
absl::StatusOr<LoadResult> RunLoad(Transport& transport, Operation& operation,
                                   const LoadLimits& limits, const Clock& clock = SystemClock());

// `percent` of 100; `sorted` ascending, not empty.
absl::Duration Percentile(const std::vector<absl::Duration>& sorted, size_t percent);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_LOAD_H_
