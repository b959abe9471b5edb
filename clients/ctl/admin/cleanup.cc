#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/crypto/system_random.h"
#include "base/status_macros.h"
#include "clients/ctl/admin/admin.h"
#include "server/jobs/cleanup_job.h"
#include "server/jobs/cleanup_round.h"
#include "server/jobs/lease_keeper.h"
#include "storage/postgres/pg_cleaner.h"
#include "storage/postgres/pg_job_leases.h"
#include "storage/postgres/server_checks.h"

namespace otpgate::ctl {
namespace {

std::string Moment(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_sec, time, absl::LocalTimeZone());
}

nlohmann::json Members(const jobs::CleanupReport& report, int64_t jobs::CleanupCount::*member) {
  nlohmann::json members = nlohmann::json::object();
  for (const auto& [kind, count] : report.counts) {
    members[std::string(NameOf(kind))] = count.*member;
  }
  return members;
}

// HELD: due for removal, but locked by a transaction at that moment; the next round takes them.
void Show(const jobs::CleanupReport& report, Output& output) {
  std::vector<std::vector<std::string>> table = {{"ROWS", "REMOVED", "HELD"}};
  for (const auto& [kind, count] : report.counts) {
    table.push_back(
        {std::string(NameOf(kind)), absl::StrCat(count.removed), absl::StrCat(count.held)});
  }
  output.Table(table);
  output.Set("removed", Members(report, &jobs::CleanupCount::removed));
  output.Set("held", Members(report, &jobs::CleanupCount::held));
  output.Set("complete", report.complete);
}

absl::StatusOr<Exit> Count(AdminContext& context, Output& output) {
  storage::postgres::PgCleaner cleaner(context.options);
  OTPGATE_ASSIGN_OR_RETURN(const auto counts,
                           jobs::CountRemovable(cleaner, context.cleanup.retention));
  std::vector<std::vector<std::string>> table = {{"ROWS", "REMOVABLE"}};
  nlohmann::json members = nlohmann::json::object();
  for (const auto& [kind, count] : counts) {
    const std::string name(NameOf(kind));
    table.push_back({name, absl::StrCat(count)});
    members[name] = count;
  }
  output.Table(table);
  output.Set("at_rest", members);
  return Exit::kOk;
}

// Compares this clock with the database's: with one ahead, cleanup would remove rows still needed.
class Clocks {
 public:
  explicit Clocks(const AdminContext& context)
      : limit_(context.max_clock_offset), checks_(context.options) {}

  absl::Status Compare() {
    OTPGATE_ASSIGN_OR_RETURN(const storage::postgres::ClockOffset clocks,
                             checks_.CompareClocks(clock_));
    if (clocks.IsWithin(limit_)) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        "the clock of the database is ",
        absl::FormatDuration(absl::Trunc(absl::AbsDuration(clocks.offset), absl::Seconds(1))),
        clocks.offset < absl::ZeroDuration() ? " behind" : " ahead of",
        " that of this machine, further than database.max_clock_offset: set them first"));
  }

 private:
  const absl::Duration limit_;
  storage::postgres::PgServerChecks checks_;
  const SystemClock clock_;
};

bool Sleep(absl::Duration time) {
  absl::SleepFor(time);
  return true;
}

// The error for a lease that another process holds, or took over.
absl::Status Busy(jobs::LeaseKeeper& keeper) {
  OTPGATE_ASSIGN_OR_RETURN(const std::optional<storage::JobLease> lease, keeper.Read());
  if (!lease) return absl::DeadlineExceededError("somebody else is cleaning up");
  if (lease->held_until <= lease->now) {
    return absl::DeadlineExceededError(
        absl::StrCat(lease->holder, " has cleaned up since ", Moment(lease->started_at)));
  }
  return absl::DeadlineExceededError(
      absl::StrCat(lease->holder, " is cleaning up since ", Moment(lease->started_at),
                   ", and holds the lease until ", Moment(lease->held_until)));
}

// Ends the lease with the report. OK: the round was complete and the lease was kept throughout.
absl::Status Finish(const jobs::CleanupReport& report, const absl::Status& clocks,
                    jobs::LeaseKeeper& lease, absl::Duration interval) {
  const absl::StatusOr<bool> in_time = lease.Finish(interval, jobs::ToJson(report));
  OTPGATE_RETURN_IF_ERROR(report.problem);
  OTPGATE_RETURN_IF_ERROR(clocks);
  OTPGATE_RETURN_IF_ERROR(in_time.status());
  if (!*in_time) return Busy(lease);
  if (report.complete) return absl::OkStatus();
  return absl::UnavailableError(
      "not complete: the database did not answer for as long as the lease lasted");
}

}  // namespace

absl::StatusOr<Exit> RunCleanup(AdminContext& context, const AdminOptions& options,
                                Output& output) {
  if (options.dry_run) return Count(context, output);
  Clocks clocks(context);
  OTPGATE_RETURN_IF_ERROR(clocks.Compare());
  const SystemClock clock;
  crypto::SystemRandom random;
  storage::postgres::PgJobLeases leases(context.options);
  jobs::LeaseKeeper lease(leases, clock,
                          {.job = std::string(jobs::kCleanupJobName),
                           .holder = absl::StrCat("otpgatectl:", jobs::HolderName(random))},
                          context.cleanup.lease.lease);
  OTPGATE_ASSIGN_OR_RETURN(const storage::LeaseAnswer answer, lease.Take(/*at_once=*/true));
  if (!answer.taken) return Busy(lease);
  storage::postgres::PgCleaner cleaner(context.options);
  absl::Status agreed;
  const auto pause = [&](storage::CleanupKind, int64_t, absl::Duration time) {
    if (!lease.KeepFor(time, Sleep)) return false;
    agreed = clocks.Compare();
    return agreed.ok();
  };
  const jobs::CleanupReport report =
      Clean(cleaner, context.cleanup.retention, context.cleanup.pace, clock, pause);
  Show(report, output);
  OTPGATE_RETURN_IF_ERROR(Finish(report, agreed, lease, context.cleanup.lease.interval));
  return Exit::kOk;
}

absl::StatusOr<Exit> ShowCleanup(AdminContext& context, const AdminOptions&, Output& output) {
  storage::postgres::PgJobLeases leases(context.options);
  OTPGATE_ASSIGN_OR_RETURN(const std::optional<storage::JobLease> lease,
                           leases.Read(jobs::kCleanupJobName));
  if (!lease) {
    output.Line("no round was ever made");
    output.Set("holder", nullptr);
    return Count(context, output);
  }
  const bool running = lease->held_until > lease->now;
  output.Line(running
                  ? absl::StrCat("running: ", lease->holder, " since ", Moment(lease->started_at),
                                 ", lease until ", Moment(lease->held_until))
                  : absl::StrCat("next round from ", Moment(lease->due_at), " on"));
  if (lease->finished_at) {
    output.Line(
        absl::StrCat("last round ended ", Moment(*lease->finished_at), ": ", lease->result));
    output.Set("finished_at", Moment(*lease->finished_at));
    output.Set("result", nlohmann::json::parse(lease->result, nullptr, /*allow_exceptions=*/false));
  }
  output.Set("holder", lease->holder);
  output.Set("running", running);
  output.Set("started_at", Moment(lease->started_at));
  output.Set("due_at", Moment(lease->due_at));
  return Count(context, output);
}

}  // namespace otpgate::ctl
