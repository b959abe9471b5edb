#include "server/jobs/cleanup_round.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/runtime/status_macros.h"

namespace otpgate {
namespace {

// A statement that lost against somebody else is worth another try, but not for ever.
constexpr int kTriesMax = 5;

using Step = absl::FunctionRef<absl::StatusOr<CleanupStep>(int64_t place)>;

// False: told to stop.
bool CleanKind(CleanupKind kind, Step step, CleanupReport& report, const Clock& clock, int share,
               CleanupRest rest) {
  int64_t place = 0;
  int tries = 0;
  for (bool more = true; more;) {
    const absl::Duration began = clock.Steady();
    const absl::StatusOr<CleanupStep> done = step(place);
    const absl::Duration took = clock.Steady() - began;
    if (!done.ok()) {
      more = absl::IsAborted(done.status()) && ++tries < kTriesMax;
      if (!more) report.problem.Update(done.status());
    } else {
      tries = 0;
      CleanupCount& count = report.counts[kind];
      count.removed += done->removed;
      // Where it goes on at the same place, what is left there is seen again.
      if (done->next != place) count.held += done->at_rest - done->removed;
      more = done->next.has_value();
      place = done->next.value_or(place);
    }
    if (!rest(took * (100 - share) / share)) return false;
  }
  return true;
}

std::string Counts(const CleanupReport& report, int64_t CleanupCount::*member) {
  std::string json;
  for (const auto& [kind, count] : report.counts) {
    if (count.*member == 0) continue;
    absl::StrAppend(&json, json.empty() ? "" : ",", "\"", NameOf(kind), "\":", count.*member);
  }
  return absl::StrCat("{", json, "}");
}

int64_t Sum(const CleanupReport& report, int64_t CleanupCount::*member) {
  int64_t sum = 0;
  for (const auto& [kind, count] : report.counts) sum += count.*member;
  return sum;
}

}  // namespace

int64_t CleanupReport::removed() const { return Sum(*this, &CleanupCount::removed); }
int64_t CleanupReport::held() const { return Sum(*this, &CleanupCount::held); }

std::string ToJson(const CleanupReport& report) {
  return absl::StrCat("{\"removed\":", Counts(report, &CleanupCount::removed),
                      ",\"held\":", Counts(report, &CleanupCount::held),
                      ",\"complete\":", report.complete ? "true" : "false", "}");
}

CleanupReport Clean(Cleaner& cleaner, const Retention& retention, const CleanupPace& pace,
                    const Clock& clock, CleanupRest rest) {
  CleanupReport report;
  Retention bounded = retention;
  bool stopped = false;
  for (const CleanupKind kind : kCleanupKinds) {
    const auto step = [&](int64_t place) {
      bounded.latest_now = clock.Now() + pace.max_clock_offset;
      return cleaner.Remove(kind, bounded, place, pace.batch);
    };
    stopped = stopped || !CleanKind(kind, step, report, clock, pace.share, rest);
  }
  report.complete = !stopped && report.problem.ok();
  return report;
}

absl::StatusOr<std::map<CleanupKind, int64_t>> CountAtRest(Cleaner& cleaner,
                                                           const Retention& retention) {
  std::map<CleanupKind, int64_t> counts;
  for (const CleanupKind kind : kCleanupKinds) {
    std::optional<int64_t> place = 0;
    while (place) {
      OTPGATE_ASSIGN_OR_RETURN(const CleanupStep step, cleaner.Count(kind, retention, *place));
      counts[kind] += step.at_rest;
      place = step.next;
    }
  }
  return counts;
}

}  // namespace otpgate
