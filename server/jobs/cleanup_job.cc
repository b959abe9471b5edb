#include "server/jobs/cleanup_job.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace otpgate::jobs {

CleanupJob::CleanupJob(Parts parts, Options options)
    : cleaner_(std::move(parts.cleaner)),
      clock_(parts.clock),
      log_(parts.log),
      options_(options),
      may_run_(std::move(parts.may_run)),
      job_(std::make_unique<LeasedJob>(
          LeasedJob::Parts{
              .names = {.job = std::string(kCleanupJobName), .holder = std::move(parts.holder)},
              .leases = std::move(parts.leases),
              .run = [this](LeasedJob::Pause pause) { return Run(pause); },
              .on_failure = [this](const absl::Status& status) { Fail(status); },
              .may_run = [this] { return MayRun(); },
              .clock = parts.clock},
          options.lease)) {}

void CleanupJob::Fail(const absl::Status& status) {
  log_->Error("CLEANUP_FAILED", {{"status", absl::StatusCodeToString(status.code())},
                                 {"detail", std::string(status.message())}});
  absl::MutexLock lock(&mu_);
  ++tally_.failed;
}

bool CleanupJob::MayRun() {
  held_back_ = !may_run_();
  absl::MutexLock lock(&mu_);
  tally_.held_back += held_back_ ? 1 : 0;
  return !held_back_;
}

absl::StatusOr<std::string> CleanupJob::Run(LeasedJob::Pause pause) {
  const absl::Duration began = clock_->Steady();
  const auto after_step = [&](storage::CleanupKind kind, int64_t removed, absl::Duration time) {
    CountRemoved(kind, removed);
    return pause(time);
  };
  const CleanupReport report =
      Clean(*cleaner_, options_.retention, options_.pace, *clock_, after_step, begin_);
  begin_ = report.next;
  Tell(report, clock_->Steady() - began);
  Count(report);
  if (!report.problem.ok()) return report.problem;
  return ToJson(report);
}

// Counts after each statement, not after the round, because a round may take hours.
void CleanupJob::CountRemoved(storage::CleanupKind kind, int64_t rows) {
  absl::MutexLock lock(&mu_);
  tally_.removed[kind] += rows;
}

void CleanupJob::Count(const CleanupReport& report) {
  absl::MutexLock lock(&mu_);
  tally_.held.clear();
  for (const auto& [kind, count] : report.counts) tally_.held[kind] = count.held;
  if (report.complete) {
    ++tally_.complete;
    tally_.last_complete = clock_->Now();
  } else if (report.problem.ok() && !held_back_) {
    ++tally_.cut_short;
  }
  ended_at_ = clock_->Steady();
}

CleanupTally CleanupJob::Tally() const {
  absl::MutexLock lock(&mu_);
  CleanupTally tally = tally_;
  if (clock_->Steady() - ended_at_ > 2 * options_.lease.interval) tally.held.clear();
  return tally;
}

void CleanupJob::Tell(const CleanupReport& report, absl::Duration took) {
  if (report.removed() == 0 && report.held() == 0) return;
  std::vector<std::string> names;
  names.reserve(2 * report.counts.size());
  std::vector<LogField> fields = {{"removed", report.removed()},
                                  {"held", report.held()},
                                  {"complete", report.complete},
                                  {"seconds", absl::ToDoubleSeconds(took)}};
  for (const auto& [kind, count] : report.counts) {
    if (count == CleanupCount()) continue;
    fields.emplace_back(names.emplace_back(absl::StrCat(NameOf(kind), "_removed")), count.removed);
    fields.emplace_back(names.emplace_back(absl::StrCat(NameOf(kind), "_held")), count.held);
  }
  log_->Write(LogLevel::kInfo, "CLEANUP_DONE", fields);
}

}  // namespace otpgate::jobs
