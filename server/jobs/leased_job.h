#ifndef OTPGATE_SERVER_JOBS_LEASED_JOB_H_
#define OTPGATE_SERVER_JOBS_LEASED_JOB_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/steady_cond_var.h"
#include "server/jobs/cleanup_options.h"
#include "server/jobs/lease_keeper.h"
#include "storage/job_leases.h"

namespace otpgate::jobs {

// Runs a job once per interval on one server of the fleet: the one that takes its lease. If that
// server dies, another one runs the job after the lease has ended. Since a holder may be suspended
// past the end of its lease, the job must be safe when two servers run it.
//
// Has a thread of its own. Thread-safe.
class LeasedJob {
 public:
  // Called by a run between two steps: waits for the duration and keeps the lease meanwhile. False:
  // end the run, because the job was stopped, the lease was lost, or may_run said no.
  using Pause = absl::FunctionRef<bool(absl::Duration)>;

  struct Parts {
    LeaseKeeper::Names names;
    std::unique_ptr<storage::JobLeases> leases;
    // One run of the job, on the job's thread; returns what it did, 2000 bytes at most.
    std::function<absl::StatusOr<std::string>(Pause pause)> run;
    std::function<void(const absl::Status&)> on_failure;  // errors of a run or of the lease
    // Whether the job may run now. Called before a run and between its steps, on the job's thread;
    // must not block.
    std::function<bool()> may_run = [] { return true; };
    const Clock* clock = nullptr;
  };
  using Options = LeasedJobOptions;

  LeasedJob(Parts parts, Options options)
      : parts_(std::move(parts)),
        options_(options),
        keeper_(*parts_.leases, *parts_.clock, parts_.names, options.lease) {}
  ~LeasedJob() { Stop(); }
  LeasedJob(const LeasedJob&) = delete;
  LeasedJob& operator=(const LeasedJob&) = delete;

  // Starts the thread. It asks for the lease after one interval, or after a minute if that is
  // sooner. Call once.
  void Start();
  // Waits for the current step of a run, if any, and ends the thread. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

  // Runs the job if it is due and no other server runs it. Returns how long to wait before the next
  // call. For the thread, and for tests that have none.
  absl::Duration RunIfDue() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mu_);
  // False: stopped.
  bool Wait(absl::Duration time) ABSL_LOCKS_EXCLUDED(mu_);
  bool PauseAndKeepLease(absl::Duration time) ABSL_LOCKS_EXCLUDED(mu_);

  const Parts parts_;
  const Options options_;
  LeaseKeeper keeper_;  // used by the thread
  std::thread thread_;
  absl::Mutex mu_;
  SteadyCondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace otpgate::jobs

#endif  // OTPGATE_SERVER_JOBS_LEASED_JOB_H_
