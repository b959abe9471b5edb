#ifndef OTPGATE_TESTS_BENCH_STRESS_OUTCOMES_H_
#define OTPGATE_TESTS_BENCH_STRESS_OUTCOMES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/bench/load.h"

// Statistics over the outcomes of a load that was partly refused. All pure.
namespace otpgate::bench {

// The outcomes that were due in [from, to).
std::vector<Outcome> DueIn(const std::vector<Outcome>& all, absl::Duration from, absl::Duration to);

struct Tally {
  int64_t answered = 0;  // OK
  int64_t refused = 0;   // RESOURCE_EXHAUSTED
  int64_t hinted = 0;    // of the refused: those that say when to try again
  int64_t failed = 0;    // anything else
};
Tally TallyOf(const std::vector<Outcome>& outcomes);

// The latencies of the outcomes with `code`, counted from `due`, ascending.
std::vector<absl::Duration> LatenciesOf(const std::vector<Outcome>& outcomes,
                                        absl::StatusCode code);
// The same, counted from `begun`: the part that the server is responsible for.
std::vector<absl::Duration> ServedIn(const std::vector<Outcome>& outcomes, absl::StatusCode code);
// How late operations began, ascending: the part that the load generator is responsible for.
std::vector<absl::Duration> LatenessOf(const std::vector<Outcome>& outcomes);

// The percentile in milliseconds; 0 if `sorted` is empty. `percent`: 0 to 100.
double PercentileMs(const std::vector<absl::Duration>& sorted, size_t percent);

// The 99th percentile of the latency in each window between `from` and `to`, by `due`. Infinite if
// nothing was due in the window or an operation failed.
std::vector<absl::Duration> WindowsP99(const std::vector<Outcome>& all, absl::Duration from,
                                       absl::Duration to, absl::Duration window);

// When the first two consecutive windows within `limit` begin, counted from the beginning of the
// first window. Nothing: there are none.
std::optional<absl::Duration> BackAfter(const std::vector<absl::Duration>& windows,
                                        absl::Duration window, absl::Duration limit);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_OUTCOMES_H_
