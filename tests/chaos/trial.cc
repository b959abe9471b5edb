#include "tests/chaos/trial.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/chaos/final_state.h"
#include "tests/chaos/workload.h"
#include "tests/support/summary.h"

namespace otpgate::chaos {
namespace {

constexpr size_t kCalm = 40;  // calls between two faults
constexpr int kRoundsLeast = 11;

int64_t Count(const std::vector<Call>& calls, Outcome outcome) {
  return std::count_if(calls.begin(), calls.end(),
                       [&](const Call& call) { return call.outcome == outcome; });
}

}  // namespace

void LetRun(const History& history, size_t calls) { history.AwaitMore(calls, absl::Seconds(2)); }

void RunTrial(Fleet& fleet, const Fault& fault, const TrialOptions& options) {
  History history;
  std::mt19937_64 choices(options.seed);
  int64_t missed = 0;
  Workload workload(fleet, history, {.seed = options.seed});
  for (int64_t n = 0; n < options.faults; ++n) {
    LetRun(history, kCalm);
    fault({fleet, history, choices, missed});
  }
  for (int i = 0; i < fleet.size(); ++i) EXPECT_TRUE(fleet.AwaitServing(i)) << "server " << i;
  LetRun(history, kCalm);
  // On a busy machine few rounds have ended by now.
  for (int n = 0; n < 30 && workload.rounds() < kRoundsLeast; ++n) LetRun(history, kCalm);
  workload.Stop();

  const std::vector<Call> calls = history.Calls();
  std::vector<std::string> violations = FindViolations(calls, ReadFinalState(fleet), options.check);
  for (std::string& broken : FindBrokenRows(fleet)) violations.push_back(std::move(broken));
  for (const std::string& violation : violations) ADD_FAILURE() << violation;
  EXPECT_TRUE(workload.given_up() == 0 || !options.check.honest_get_in);
  EXPECT_GE(workload.rounds(), kRoundsLeast) << "a trial in which nothing happens proves nothing";
  EXPECT_LT(missed, options.faults) << "no fault hit anything";
  support::AppendSummary(absl::StrCat(
      "chaos, ", options.name, ": ", options.faults - missed, " faults, ", workload.rounds(),
      " rounds, ", calls.size(), " calls, ", Count(calls, Outcome::kRefused), " refused, ",
      Count(calls, Outcome::kUnknown), " unknown, ", violations.size(), " violations"));
}

}  // namespace otpgate::chaos
