#ifndef OTPGATE_TESTS_BENCH_ARRIVALS_H_
#define OTPGATE_TESTS_BENCH_ARRIVALS_H_

#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace otpgate::bench {

// When the operations of an open loop begin: a Poisson process, as of many clients who know nothing
// of each other. The same seed gives the same times. Not thread-safe.
class Arrivals {
 public:
  // `per_second` > 0.
  Arrivals(double per_second, uint64_t seed) : engine_(seed), gap_(per_second) {}

  // The next one, counted from the start of the load; ascending.
  absl::Duration Next() {
    at_ += absl::Seconds(gap_(engine_));
    return at_;
  }

 private:
  std::mt19937_64 engine_;
  std::exponential_distribution<double> gap_;
  absl::Duration at_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_ARRIVALS_H_
