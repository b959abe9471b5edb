#ifndef OTPGATE_SERVER_JOBS_CLEANUP_JOB_H_
#define OTPGATE_SERVER_JOBS_CLEANUP_JOB_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/log.h"
#include "server/jobs/cleanup_options.h"
#include "server/jobs/cleanup_round.h"
#include "server/jobs/leased_job.h"
#include "storage/cleanup.h"
#include "storage/job_leases.h"

namespace otpgate::jobs {

// The name of its lease.
inline constexpr absl::string_view kCleanupJobName = "cleanup";

// What the rounds of this server did since it started.
struct CleanupTally {
  std::map<storage::CleanupKind, int64_t> removed;  // includes the current round
  // Rows that its last round left because another transaction locked them. Empty once that round is
  // so long ago that another server must have run one since.
  std::map<storage::CleanupKind, int64_t> held;
  std::optional<absl::Time> last_complete;  // when the last complete round ended
  int64_t complete = 0;                     // rounds that went through all rows
  int64_t cut_short = 0;                    // rounds ended by a stop or by a lost lease
  int64_t held_back = 0;                    // rounds not begun, or ended, because of may_run
  int64_t failed = 0;                       // rounds, and attempts to take or return the lease
};

// Removes rows that nobody needs any more (see storage/cleanup.h), one round per interval over the
// whole fleet. A round begins where the last round of this server was ended or failed.
//
// Logs CLEANUP_DONE, with the removed and the locked rows of each kind, after a round that found
// some; CLEANUP_FAILED after an error, also one of the lease.
//
// Has a thread of its own. Thread-safe.
class CleanupJob {
 public:
  // `clock` and `log` outlive the job.
  struct Parts {
    std::unique_ptr<storage::Cleaner> cleaner;
    std::unique_ptr<storage::JobLeases> leases;
    std::string holder;  // unique to this process: HolderName
    const Clock* clock = nullptr;
    Log* log = nullptr;
    // Whether the database is known to work and its clock to be right; see LeasedJob::Parts.
    std::function<bool()> may_run = [] { return true; };
  };
  using Options = CleanupOptions;

  CleanupJob(Parts parts, Options options);

  // See LeasedJob.
  void Start() { job_->Start(); }
  void Stop() { job_->Stop(); }
  absl::Duration RunIfDue() { return job_->RunIfDue(); }

  CleanupTally Tally() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  absl::StatusOr<std::string> Run(LeasedJob::Pause pause);
  void Tell(const CleanupReport& report, absl::Duration took);

  void Fail(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mu_);
  void CountRemoved(storage::CleanupKind kind, int64_t rows) ABSL_LOCKS_EXCLUDED(mu_);
  void Count(const CleanupReport& report) ABSL_LOCKS_EXCLUDED(mu_);
  bool MayRun() ABSL_LOCKS_EXCLUDED(mu_);

  const std::unique_ptr<storage::Cleaner> cleaner_;
  const Clock* const clock_;
  Log* const log_;
  const Options options_;
  const std::function<bool()> may_run_;
  // Used by the job's thread only.
  bool held_back_ = false;  // the last answer of may_run was no
  CleanupPosition begin_;   // of the next round
  mutable absl::Mutex mu_;
  CleanupTally tally_ ABSL_GUARDED_BY(mu_);
  absl::Duration ended_at_ ABSL_GUARDED_BY(mu_);  // when the last round ended, as Clock::Steady()
  const std::unique_ptr<LeasedJob> job_;
};

}  // namespace otpgate::jobs

#endif  // OTPGATE_SERVER_JOBS_CLEANUP_JOB_H_
