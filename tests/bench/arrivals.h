#ifndef OTPGATE_TESTS_BENCH_ARRIVALS_H_
#define OTPGATE_TESTS_BENCH_ARRIVALS_H_

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace otpgate::bench {

// A rate and how long it holds.
struct Phase {
  double per_second = 0;  // > 0
  absl::Duration duration = absl::InfiniteDuration();
};

// The times at which the operations of an open loop begin: a Poisson process, as many independent
// clients make it. The same seed gives the same times. Not thread-safe.
class Arrivals {
 public:
  // The phases follow each other; the last one does not end. Not empty.
  Arrivals(std::vector<Phase> phases, uint64_t seed)
      : engine_(seed), phases_(std::move(phases)), phase_end_(phases_[0].duration) {}
  // `per_second` > 0.
  Arrivals(double per_second, uint64_t seed)
      : Arrivals(std::vector<Phase>{{.per_second = per_second}}, seed) {}

  // The next time, counted from the start of the load. Ascending.
  absl::Duration Next() {
    absl::Duration next = at_ + Gap(unit_(engine_));
    while (next >= phase_end_ && phase_ + 1 < phases_.size()) {
      // The remaining part of the gap is scaled to the next rate.
      const double left = absl::ToDoubleSeconds(next - phase_end_) * phases_[phase_].per_second;
      at_ = phase_end_;
      phase_end_ += phases_[++phase_].duration;
      next = at_ + Gap(left);
    }
    at_ = next;
    return at_;
  }

 private:
  // The time in which `many` operations begin on average.
  absl::Duration Gap(double many) const { return absl::Seconds(many / phases_[phase_].per_second); }

  std::mt19937_64 engine_;
  std::exponential_distribution<double> unit_;
  const std::vector<Phase> phases_;
  size_t phase_ = 0;
  absl::Duration phase_end_;
  absl::Duration at_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_ARRIVALS_H_
