#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "tests/bench/report.h"
#include "tests/bench/stress/guesses.h"
#include "tests/bench/stress/paired_report.h"

namespace otpgate::bench {

std::string JsonOf(const GuessesReport& report) {
  nlohmann::json json = {{"guesses_per_second", Rounded(report.guesses_per_second)},
                         {"logins_per_second", Rounded(report.logins_per_second)},
                         {"guesses", report.guesses},
                         {"denied", report.denied},
                         {"refused", report.refused},
                         {"failed", report.failed},
                         {"guess_p99_ms", Rounded(report.guess_p99_ms)},
                         {"logins", JsonOf(report.logins)}};
  return json.dump(2) + "\n";
}

std::string TextOf(const GuessesReport& report) {
  return absl::StrFormat(
      "Guesses on one phone: %.0f per second while %.0f others per second sign in\n"
      "  of %d guesses %d were denied, %d refused since too many waited, %d failed; p99 %.1f ms\n"
      "  logins%s (target of the p99: less than 2)\n\n",
      report.guesses_per_second, report.logins_per_second, report.guesses, report.denied,
      report.refused, report.failed, report.guess_p99_ms, TextOf(report.logins));
}

}  // namespace otpgate::bench
