#ifndef OTPGATE_TESTS_BENCH_ARRIVALS_H_
#define OTPGATE_TESTS_BENCH_ARRIVALS_H_

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace otpgate::bench {

// A rate that holds for so long.
struct Phase {
  double per_second = 0;  // > 0
  absl::Duration duration = absl::InfiniteDuration();
};

// When the operations of an open loop begin: a Poisson process, as of many clients who know nothing
// of each other. The same seed gives the same times. Not thread-safe.
class Arrivals {
 public:
  // One phase after the other, the last one without end; not empty.
  Arrivals(std::vector<Phase> phases, uint64_t seed)
      : engine_(seed), phases_(std::move(phases)), phase_end_(phases_[0].duration) {}
  // `per_second` > 0.
  Arrivals(double per_second, uint64_t seed)
      : Arrivals(std::vector<Phase>{{.per_second = per_second}}, seed) {}

  // The next one, counted from the start of the load; ascending.
  absl::Duration Next() {
    absl::Duration next = at_ + Gap(unit_(engine_));
    while (next >= phase_end_ && phase_ + 1 < phases_.size()) {
      // What is left of the gap passes at the next rate.
      const double left = absl::ToDoubleSeconds(next - phase_end_) * phases_[phase_].per_second;
      at_ = phase_end_;
      phase_end_ += phases_[++phase_].duration;
      next = at_ + Gap(left);
    }
    at_ = next;
    return at_;
  }

 private:
  // The time in which so many begin.
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
