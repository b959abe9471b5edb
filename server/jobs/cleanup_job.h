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
#include "server/jobs/cleanup_round.h"
#include "server/jobs/leased_job.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "storage/cleanup.h"
#include "storage/job_leases.h"

namespace otpgate {

inline constexpr absl::string_view kCleanupJobName = "cleanup";

// What the rounds of this server came to since it began.
struct CleanupTally {
  std::map<CleanupKind, int64_t> removed;  // also of a round under way
  // Left in its last round, because somebody held them; empty when that is so long ago that another
  // server has made one since.
  std::map<CleanupKind, int64_t> held;
  std::optional<absl::Time> last_complete;  // when it ended
  int64_t complete = 0;                     // rounds that looked through everything
  int64_t cut_short = 0;                    // by a stop, or by somebody who took over
  int64_t held_back = 0;                    // not begun, or ended, because it may not run
  int64_t failed = 0;                       // also where the lease could not be had or given back
};

// Removes rows at rest, one round per interval over the whole fleet; one of this server begins
// where its last one was ended or failed. Events: CLEANUP_DONE, with what was removed and what
// others held of each kind, after a round with something to tell; CLEANUP_FAILED, also when the
// lease cannot be had.
//
// One thread of its own. Thread-safe.
class CleanupJob {
 public:
  // `clock` and `log` outlive the job.
  struct Parts {
    std::unique_ptr<Cleaner> cleaner;
    std::unique_ptr<JobLeases> leases;
    std::string holder;  // this process, and no other one
    const Clock* clock = nullptr;
    Log* log = nullptr;
    // Whether the database is known to be well and its clock right; as of LeasedJob.
    std::function<bool()> may_run = [] { return true; };
  };
  struct Options {
    Retention retention;
    CleanupPace pace;
    LeasedJob::Options lease;
  };

  CleanupJob(Parts parts, Options options);

  // As of LeasedJob.
  void Start() { job_->Start(); }
  void Stop() { job_->Stop(); }
  absl::Duration Look() { return job_->Look(); }

  CleanupTally Tally() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  absl::StatusOr<std::string> Run(LeasedJob::Rest rest);
  void Tell(const CleanupReport& report, absl::Duration took);

  void Fail(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mu_);
  void CountRemoved(CleanupKind kind, int64_t rows) ABSL_LOCKS_EXCLUDED(mu_);
  void Count(const CleanupReport& report) ABSL_LOCKS_EXCLUDED(mu_);
  bool MayRun() ABSL_LOCKS_EXCLUDED(mu_);

  const std::unique_ptr<Cleaner> cleaner_;
  const Clock* const clock_;
  Log* const log_;
  const Options options_;
  const std::function<bool()> may_run_;
  // Of the job's thread: whether it may not run, and where the next round begins.
  bool held_back_ = false;
  CleanupPlace begin_;
  mutable absl::Mutex mu_;
  CleanupTally tally_ ABSL_GUARDED_BY(mu_);
  absl::Duration ended_at_ ABSL_GUARDED_BY(mu_);  // the last round
  const std::unique_ptr<LeasedJob> job_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_JOBS_CLEANUP_JOB_H_
