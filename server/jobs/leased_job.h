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
#include "server/jobs/lease_keeper.h"
#include "server/runtime/clock.h"
#include "server/runtime/steady_cond_var.h"
#include "storage/job_leases.h"

namespace otpgate {

// A job that one server of the fleet runs at a time, once per interval: whoever takes its lease. A
// server that dies in the middle is followed by another one when the lease has ended. Since a
// holder may sleep past its lease, the job must be safe when two run.
//
// One thread of its own. Thread-safe.
class LeasedJob {
 public:
  // Between two steps of a run: passes that long and keeps the lease meanwhile. False: end now,
  // because the job was stopped or taken over, or may not run any more.
  using Rest = absl::FunctionRef<bool(absl::Duration)>;

  struct Parts {
    LeaseKeeper::Names names;
    std::unique_ptr<JobLeases> leases;
    // What is to be done; tells what it did in up to 2000 bytes. On the job's thread.
    std::function<absl::StatusOr<std::string>(Rest rest)> run;
    std::function<void(const absl::Status&)> on_failure;  // of the run, or of the lease
    // Asked before a run and between its steps, on the job's thread; must not block.
    std::function<bool()> may_run = [] { return true; };
    const Clock* clock = nullptr;
  };
  struct Options {
    absl::Duration interval = absl::Minutes(1);
    absl::Duration lease = absl::Seconds(30);
  };

  LeasedJob(Parts parts, Options options)
      : parts_(std::move(parts)),
        options_(options),
        keeper_(*parts_.leases, *parts_.clock, parts_.names, options.lease) {}
  ~LeasedJob() { Stop(); }
  LeasedJob(const LeasedJob&) = delete;
  LeasedJob& operator=(const LeasedJob&) = delete;

  // Looks for the first time after one interval, but no more than a minute. Call once.
  void Start();
  // Waits for no more than the step under way. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

  // Runs the job if it is due and nobody else does; the time until it is worth looking again. For
  // the thread, and for tests without one.
  absl::Duration Look() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mu_);
  bool Pass(absl::Duration time) ABSL_LOCKS_EXCLUDED(mu_);
  bool PassAndKeep(absl::Duration time) ABSL_LOCKS_EXCLUDED(mu_);

  const Parts parts_;
  const Options options_;
  LeaseKeeper keeper_;  // of the thread
  std::thread thread_;
  absl::Mutex mu_;
  SteadyCondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_JOBS_LEASED_JOB_H_
