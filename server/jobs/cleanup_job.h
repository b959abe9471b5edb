#ifndef OTPGATE_SERVER_JOBS_CLEANUP_JOB_H_
#define OTPGATE_SERVER_JOBS_CLEANUP_JOB_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/jobs/cleanup_round.h"
#include "server/jobs/leased_job.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "storage/cleanup.h"
#include "storage/job_leases.h"

namespace otpgate {

inline constexpr absl::string_view kCleanupJobName = "cleanup";

// Removes rows at rest, one round per interval over the whole fleet. Events: CLEANUP_DONE, with
// what was removed and what was left of each kind, after a round with something to tell;
// CLEANUP_FAILED.
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

 private:
  absl::StatusOr<std::string> Run(LeasedJob::Rest rest);
  void Tell(const CleanupReport& report, absl::Duration took);

  const std::unique_ptr<Cleaner> cleaner_;
  const Clock* const clock_;
  Log* const log_;
  const Options options_;
  const std::unique_ptr<LeasedJob> job_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_JOBS_CLEANUP_JOB_H_
