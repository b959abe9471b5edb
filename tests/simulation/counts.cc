#include "tests/simulation/counts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace otpgate::simulation {

namespace {

std::string Removed(const std::array<int64_t, std::size(storage::kCleanupKinds)>& removed) {
  std::string text;
  for (const storage::CleanupKind kind : storage::kCleanupKinds) {
    absl::StrAppend(&text, " ", removed[static_cast<size_t>(kind)], " ", NameOf(kind));
  }
  return text;
}

}  // namespace

void Counts::Add(const Counts& other) {
  runs += other.runs;
  steps += other.steps;
  simulated += other.simulated;
  calls += other.calls;
  answers += other.answers;
  commits += other.commits;
  checks += other.checks;
  logins += other.logins;
  verifications += other.verifications;
  wrong_guesses += other.wrong_guesses;
  refreshes += other.refreshes;
  repeats += other.repeats;
  reuses += other.reuses;
  crashes += other.crashes;
  failed_loads += other.failed_loads;
  failed_writes += other.failed_writes;
  uncertain_writes += other.uncertain_writes;
  in_flight += other.in_flight;
  conflicts += other.conflicts;
  lost_replies += other.lost_replies;
  outages += other.outages;
  clock_steps += other.clock_steps;
  for (size_t i = 0; i < removed.size(); ++i) removed[i] += other.removed[i];
  violations += other.violations;
}

std::string Counts::ToText() const {
  constexpr double kHoursPerYear = 365.25 * 24;
  return absl::StrFormat(
      "%d runs, %d steps, %.2f simulated years\n"
      "  %d calls, %d answers, %d commits, %d checks\n"
      "  %d logins, %d verifications, %d wrong guesses counted, %d refreshes, "
      "%d answers given again, %d families ended for reuse\n"
      "  %d faults: %d crashes, %d failed loads, %d failed writes, %d lost commits "
      "(%d ended later), %d lost replies, %d outages; %d lost conflicts\n"
      "  %d steps of the store's clock; removed by cleanup:%s\n"
      "  %d violations",
      runs, steps, absl::ToDoubleHours(simulated) / kHoursPerYear, calls, answers, commits, checks,
      logins, verifications, wrong_guesses, refreshes, repeats, reuses, faults(), crashes,
      failed_loads, failed_writes, uncertain_writes, in_flight, lost_replies, outages, conflicts,
      clock_steps, Removed(removed), violations);
}

}  // namespace otpgate::simulation
