#include "tests/bench/stress/parts.h"

#include "absl/strings/str_cat.h"

namespace otpgate::bench {
namespace {

template <class Report>
absl::StatusOr<StressResult> ResultOf(const absl::StatusOr<Report>& report) {
  if (!report.ok()) return report.status();
  return StressResult{.json = JsonOf(*report), .text = TextOf(*report)};
}

template <class Plan>
Plan On(const std::string& server_program, Plan plan) {
  plan.server_program = server_program;
  return plan;
}

}  // namespace

absl::StatusOr<StressResult> RunStressPart(const std::string& name,
                                           const std::string& server_program,
                                           const StressPlan& plan) {
  if (name == "overload") return ResultOf(MeasureOverload(On(server_program, plan.overload)));
  if (name == "guesses") return ResultOf(MeasureGuesses(On(server_program, plan.guesses)));
  if (name == "cleanup") return ResultOf(MeasureCleaning(On(server_program, plan.cleaning)));
  return absl::InvalidArgumentError(absl::StrCat("the bench has no part ", name));
}

}  // namespace otpgate::bench
