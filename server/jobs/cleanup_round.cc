#include "server/jobs/cleanup_round.h"

#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/jobs/lease_keeper.h"

namespace otpgate::jobs {
namespace {

class Round {
 public:
  Round(storage::Cleaner& cleaner, const storage::Retention& retention, const CleanupPace& pace,
        const Clock& clock, CleanupRest rest)
      : cleaner_(cleaner), retention_(retention), pace_(pace), clock_(clock), rest_(rest) {}

  CleanupReport Run(CleanupPlace begin) {
    constexpr size_t kKinds = std::size(storage::kCleanupKinds);
    bool goes_on = CleanKind(begin, kLast);
    for (size_t i = 1; goes_on && i < kKinds; ++i) {
      goes_on = CleanKind({(begin.kind + i) % kKinds, 0}, kLast);
    }
    if (goes_on && begin.place > 0) goes_on = CleanKind({begin.kind, 0}, begin.place);
    report_.complete = goes_on && report_.problem.ok();
    if (goes_on) report_.next = first_failure_.value_or(CleanupPlace());
    return std::move(report_);
  }

 private:
  static constexpr int64_t kLast = std::numeric_limits<int64_t>::max();

  // Cleans one kind from a place to its end, or to `last`. False: the round must end.
  bool CleanKind(CleanupPlace at, int64_t last) {
    const storage::CleanupKind kind = storage::kCleanupKinds[at.kind];
    int tries = 0;
    for (bool more = true; more;) {
      const absl::Duration began = clock_.Steady();
      retention_.latest_now = clock_.Now() + pace_.max_clock_offset;
      const absl::StatusOr<storage::CleanupStep> step =
          cleaner_.Remove(kind, retention_, at.place, pace_.batch);
      const absl::Duration took = clock_.Steady() - began;
      if (step.ok()) {
        tries = 0;
        failing_since_.reset();
        more = Note(kind, *step, at.place) && at.place < last;
      } else {
        more = IsContention(step.status()) && ++tries < kContentionTries;
        if (!more) Fail(step.status(), at);
      }
      const absl::Duration pause = took * (100 - pace_.share) / pace_.share;
      if (rest_(kind, step.ok() ? step->removed : 0, pause)) continue;
      report_.next = failing_since_.value_or(at);
      return false;
    }
    return true;
  }

  void Fail(const absl::Status& status, const CleanupPlace& at) {
    if (!failing_since_) failing_since_ = at;
    if (!first_failure_) first_failure_ = at;
    report_.problem.Update(status);
  }

  // Counts a step and moves `place` on. True: the kind is not at its end.
  bool Note(storage::CleanupKind kind, const storage::CleanupStep& step, int64_t& place) {
    CleanupCount& count = report_.counts[kind];
    count.removed += step.removed;
    // Rows left at a place that is visited again are counted on the next visit.
    if (step.next != place) count.held += step.at_rest - step.removed;
    place = step.next.value_or(place);
    return step.next.has_value();
  }

  storage::Cleaner& cleaner_;
  storage::Retention retention_;
  const CleanupPace pace_;
  const Clock& clock_;
  const CleanupRest rest_;
  std::optional<CleanupPlace> first_failure_;
  std::optional<CleanupPlace> failing_since_;  // every statement has failed from here on
  CleanupReport report_;
};

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

CleanupReport Clean(storage::Cleaner& cleaner, const storage::Retention& retention,
                    const CleanupPace& pace, const Clock& clock, CleanupRest rest,
                    CleanupPlace begin) {
  return Round(cleaner, retention, pace, clock, rest).Run(begin);
}

absl::StatusOr<std::map<storage::CleanupKind, int64_t>> CountAtRest(
    storage::Cleaner& cleaner, const storage::Retention& retention) {
  std::map<storage::CleanupKind, int64_t> counts;
  for (const storage::CleanupKind kind : storage::kCleanupKinds) {
    std::optional<int64_t> place = 0;
    while (place) {
      OTPGATE_ASSIGN_OR_RETURN(const storage::CleanupStep step,
                               cleaner.Count(kind, retention, *place));
      counts[kind] += step.at_rest;
      place = step.next;
    }
  }
  return counts;
}

}  // namespace otpgate::jobs
