#include "tests/bench/stress/paired_rounds.h"

#include "base/status_macros.h"
#include "tests/bench/report.h"
#include "tests/bench/stress/outcomes.h"

namespace otpgate::bench {
namespace {

double RatioOfMedians(const std::vector<double>& with, const std::vector<double>& without) {
  if (with.empty() || without.empty() || Median(without) == 0) return 0;
  return Median(with) / Median(without);
}

}  // namespace

double PairedRounds::p50_ratio() const { return RatioOfMedians(p50_with_ms, p50_without_ms); }
double PairedRounds::p99_ratio() const { return RatioOfMedians(p99_with_ms, p99_without_ms); }

absl::StatusOr<PairedRounds> RunPaired(
    int rounds, absl::FunctionRef<absl::StatusOr<LoadResult>(bool with)> run) {
  PairedRounds paired;
  for (int i = 0; i < 2 * rounds; ++i) {
    const bool with = (i + i / 2) % 2 == 1;  // no, yes, yes, no, ...
    OTPGATE_ASSIGN_OR_RETURN(const LoadResult load, run(with));
    (with ? paired.p50_with_ms : paired.p50_without_ms).push_back(PercentileMs(load.latencies, 50));
    (with ? paired.p99_with_ms : paired.p99_without_ms).push_back(PercentileMs(load.latencies, 99));
  }
  return paired;
}

}  // namespace otpgate::bench
