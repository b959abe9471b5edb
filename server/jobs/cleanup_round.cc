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
        const Clock& clock, CleanupPause pause)
      : cleaner_(cleaner), retention_(retention), pace_(pace), clock_(clock), pause_(pause) {}

  CleanupReport Run(CleanupPosition begin) {
    constexpr size_t kKinds = std::size(storage::kCleanupKinds);
    bool goes_on = CleanKind(begin, kLast);
    for (size_t i = 1; goes_on && i < kKinds; ++i) {
      goes_on = CleanKind({(begin.kind + i) % kKinds, 0}, kLast);
    }
    if (goes_on && begin.cursor > 0) goes_on = CleanKind({begin.kind, 0}, begin.cursor);
    report_.complete = goes_on && report_.problem.ok();
    if (goes_on) report_.next = first_failure_.value_or(CleanupPosition());
    return std::move(report_);
  }

 private:
  static constexpr int64_t kLast = std::numeric_limits<int64_t>::max();

  // Cleans one kind from a cursor to its end, or to `last`. False: the round must end.
  bool CleanKind(CleanupPosition at, int64_t last) {
    const storage::CleanupKind kind = storage::kCleanupKinds[at.kind];
    int tries = 0;
    for (bool more = true; more;) {
      const absl::Duration began = clock_.Steady();
      retention_.latest_now = clock_.Now() + pace_.max_clock_offset;
      const absl::StatusOr<storage::CleanupStep> step =
          cleaner_.Remove(kind, retention_, at.cursor, pace_.batch);
      const absl::Duration took = clock_.Steady() - began;
      if (step.ok()) {
        tries = 0;
        failing_since_.reset();
        more = Note(kind, *step, at.cursor) && at.cursor < last;
      } else {
        more = IsContention(step.status()) && ++tries < kContentionTries;
        if (!more) Fail(step.status(), at);
      }
      const absl::Duration length = took * (100 - pace_.share) / pace_.share;
      if (pause_(kind, step.ok() ? step->removed : 0, length)) continue;
      report_.next = failing_since_.value_or(at);
      return false;
    }
    return true;
  }

  void Fail(const absl::Status& status, const CleanupPosition& at) {
    if (!failing_since_) failing_since_ = at;
    if (!first_failure_) first_failure_ = at;
    report_.problem.Update(status);
  }

  // Counts a step and moves `cursor` on. True: the kind is not at its end.
  bool Note(storage::CleanupKind kind, const storage::CleanupStep& step, int64_t& cursor) {
    CleanupCount& count = report_.counts[kind];
    count.removed += step.removed;
    // Rows left at a cursor that is visited again are counted on the next visit.
    if (step.next != cursor) count.held += step.removable - step.removed;
    cursor = step.next.value_or(cursor);
    return step.next.has_value();
  }

  storage::Cleaner& cleaner_;
  storage::Retention retention_;
  const CleanupPace pace_;
  const Clock& clock_;
  const CleanupPause pause_;
  std::optional<CleanupPosition> first_failure_;
  std::optional<CleanupPosition> failing_since_;  // every statement has failed from here on
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
                    const CleanupPace& pace, const Clock& clock, CleanupPause pause,
                    CleanupPosition begin) {
  return Round(cleaner, retention, pace, clock, pause).Run(begin);
}

absl::StatusOr<std::map<storage::CleanupKind, int64_t>> CountRemovable(
    storage::Cleaner& cleaner, const storage::Retention& retention) {
  std::map<storage::CleanupKind, int64_t> counts;
  for (const storage::CleanupKind kind : storage::kCleanupKinds) {
    std::optional<int64_t> cursor = 0;
    while (cursor) {
      OTPGATE_ASSIGN_OR_RETURN(const storage::CleanupStep step,
                               cleaner.Count(kind, retention, *cursor));
      counts[kind] += step.removable;
      cursor = step.next;
    }
  }
  return counts;
}

}  // namespace otpgate::jobs
