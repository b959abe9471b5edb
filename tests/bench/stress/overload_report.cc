#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tests/bench/report.h"
#include "tests/bench/stress/overload.h"

namespace otpgate::bench {

std::string JsonOf(const OverloadReport& report) {
  nlohmann::json back;  // null: not while it was observed
  if (report.back_after) back = absl::ToDoubleSeconds(*report.back_after);
  const nlohmann::json json = {{"flags", report.flags},
                               {"capacity_per_second", Rounded(report.capacity_per_second)},
                               {"normal_per_second", Rounded(report.normal_per_second)},
                               {"offered_per_second", Rounded(report.offered_per_second)},
                               {"served_per_second", Rounded(report.served_per_second)},
                               {"served", report.tally.answered},
                               {"refused", report.tally.refused},
                               {"refused_with_retry_info", report.tally.hinted},
                               {"failed", report.tally.failed},
                               {"refusal_p50_ms", Rounded(report.refusal_p50_ms)},
                               {"refusal_p99_ms", Rounded(report.refusal_p99_ms)},
                               {"served_p99_ms", Rounded(report.served_p99_ms)},
                               {"load_late_p99_ms", Rounded(report.lateness_p99_ms)},
                               {"p99_before_ms", Rounded(report.before_p99_ms)},
                               {"p99_limit_ms", Rounded(report.limit_p99_ms)},
                               {"p99_after_ms", Rounded(report.after_p99_ms)},
                               {"back_after_seconds", back},
                               {"memory_before_mb", Rounded(report.memory_before_mb)},
                               {"memory_most_mb", Rounded(report.memory_most_mb)},
                               {"memory_after_mb", Rounded(report.memory_after_mb)}};
  return json.dump(2) + "\n";
}

std::string TextOf(const OverloadReport& report) {
  std::string text = absl::StrFormat(
      "Overload: code requests, %s\n"
      "  capacity         %8.0f per second\n"
      "  offered          %8.0f (%.1f times), late by %.1f ms at p99\n"
      "  served           %8.0f (%.0f %% of the capacity), p99 %.0f ms\n",
      absl::StrJoin(report.flags, " "), report.capacity_per_second, report.offered_per_second,
      report.offered_per_second / report.capacity_per_second, report.lateness_p99_ms,
      report.served_per_second, 100 * report.served_per_second / report.capacity_per_second,
      report.served_p99_ms);
  absl::StrAppendFormat(&text,
                        "  refused          %8d, %d with RetryInfo, p50 %.2f ms, p99 %.2f ms\n"
                        "  failed           %8d\n"
                        "  memory of server %8.0f MiB before, %.0f at most, %.0f after\n",
                        report.tally.refused, report.tally.hinted, report.refusal_p50_ms,
                        report.refusal_p99_ms, report.tally.failed, report.memory_before_mb,
                        report.memory_most_mb, report.memory_after_mb);
  absl::StrAppendFormat(
      &text, "  p99 at %.0f per second: %.1f ms before (half a second at most %.1f), %.1f after\n",
      report.normal_per_second, report.before_p99_ms, report.limit_p99_ms, report.after_p99_ms);
  if (report.back_after) {
    return text + absl::StrFormat("  as before after  %8.1f s (target: less than 5)\n\n",
                                  absl::ToDoubleSeconds(*report.back_after));
  }
  return text + "  not as before while it was watched (target: after less than 5 s)\n\n";
}

}  // namespace otpgate::bench
