#ifndef OTPGATE_TESTS_BENCH_STRESS_OUTCOMES_H_
#define OTPGATE_TESTS_BENCH_STRESS_OUTCOMES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/bench/load.h"

// What is made of the outcomes of a load that was refused in part. All pure.
namespace otpgate::bench {

// Those that were to begin from `from` on and before `to`.
std::vector<Outcome> DueIn(const std::vector<Outcome>& all, absl::Duration from, absl::Duration to);

struct Tally {
  int64_t answered = 0;  // OK
  int64_t refused = 0;   // RESOURCE_EXHAUSTED
  int64_t hinted = 0;    // of the refused: says when to try again
  int64_t failed = 0;    // anything else
};
Tally TallyOf(const std::vector<Outcome>& outcomes);

// Of those that ended with `code`, ascending: from the time they were to begin.
std::vector<absl::Duration> LatenciesOf(const std::vector<Outcome>& outcomes,
                                        absl::StatusCode code);
// The same from the time they did begin: what the server alone is to blame for.
std::vector<absl::Duration> ServedIn(const std::vector<Outcome>& outcomes, absl::StatusCode code);
// How late they began, ascending: what the load is to blame for.
std::vector<absl::Duration> LatenessOf(const std::vector<Outcome>& outcomes);

// `percent` of 100 in milliseconds; 0 when there are none.
double PercentileMs(const std::vector<absl::Duration>& sorted, size_t percent);

// The 99th percentile of each `window` from `from` to `to`, by the time operations were to begin.
// Infinite where nothing was due or one was refused: nobody is well served there.
std::vector<absl::Duration> WindowsP99(const std::vector<Outcome>& all, absl::Duration from,
                                       absl::Duration to, absl::Duration window);

// The beginning of the first two windows in a row that are within `limit`, counted from the
// beginning of the first window of all. Nothing: there are none.
std::optional<absl::Duration> BackAfter(const std::vector<absl::Duration>& windows,
                                        absl::Duration window, absl::Duration limit);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_OUTCOMES_H_
