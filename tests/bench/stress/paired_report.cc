#include "tests/bench/stress/paired_report.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "tests/bench/report.h"

namespace otpgate::bench {
namespace {

double MedianOrZero(const std::vector<double>& values) {
  return values.empty() ? 0 : Median(values);
}

nlohmann::json RoundedAll(const std::vector<double>& values) {
  nlohmann::json list = nlohmann::json::array();
  for (const double value : values) list.push_back(Rounded(value));
  return list;
}

}  // namespace

nlohmann::json JsonOf(const PairedRounds& paired) {
  return {{"p50_without_ms", Rounded(MedianOrZero(paired.p50_without_ms))},
          {"p50_with_ms", Rounded(MedianOrZero(paired.p50_with_ms))},
          {"p50_ratio", Rounded(paired.p50_ratio())},
          {"p99_without_ms", Rounded(MedianOrZero(paired.p99_without_ms))},
          {"p99_with_ms", Rounded(MedianOrZero(paired.p99_with_ms))},
          {"p99_ratio", Rounded(paired.p99_ratio())},
          {"p99_without_ms_of_rounds", RoundedAll(paired.p99_without_ms)},
          {"p99_with_ms_of_rounds", RoundedAll(paired.p99_with_ms)}};
}

std::string TextOf(const PairedRounds& paired) {
  return absl::StrFormat(
      ": p50 %.1f ms without, %.1f with, ratio %.2f; p99 %.1f ms without, %.1f with, ratio %.2f;"
      " medians of %d rounds",
      MedianOrZero(paired.p50_without_ms), MedianOrZero(paired.p50_with_ms), paired.p50_ratio(),
      MedianOrZero(paired.p99_without_ms), MedianOrZero(paired.p99_with_ms), paired.p99_ratio(),
      paired.p99_with_ms.size());
}

}  // namespace otpgate::bench
