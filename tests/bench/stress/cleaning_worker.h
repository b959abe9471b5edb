#ifndef OTPGATE_TESTS_BENCH_STRESS_CLEANING_WORKER_H_
#define OTPGATE_TESTS_BENCH_STRESS_CLEANING_WORKER_H_

#include <cstdint>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "storage/cleanup.h"

namespace otpgate::bench {

// Runs the cleanup of a server, one round after the other at a server's pace, on a thread of its
// own, which ends with the object. Can be paused. Thread-safe.
class CleaningWorker {
 public:
  struct Progress {
    int64_t removed = 0;
    absl::Duration worked;  // time not paused
    int64_t rounds = 0;     // complete rounds
    absl::Status problem;   // the first error
  };

  // Paused at first.
  CleaningWorker(std::unique_ptr<storage::Cleaner> cleaner, const Clock& clock);
  ~CleaningWorker();
  CleaningWorker(const CleaningWorker&) = delete;
  CleaningWorker& operator=(const CleaningWorker&) = delete;

  // Pauses or resumes with the next statement. A statement takes milliseconds.
  void Work(bool on) ABSL_LOCKS_EXCLUDED(mu_);
  // From now on statements follow each other without pauses.
  void StopPacing() ABSL_LOCKS_EXCLUDED(mu_);
  Progress progress() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run();
  void CountRemoved(int64_t removed) ABSL_LOCKS_EXCLUDED(mu_);
  // Waits for `time`, and while paused. False: the object is being destroyed.
  bool Pause(absl::Duration time) ABSL_LOCKS_EXCLUDED(mu_);

  const std::unique_ptr<storage::Cleaner> cleaner_;
  const Clock& clock_;
  mutable absl::Mutex mu_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  bool on_ ABSL_GUARDED_BY(mu_) = false;
  bool unpaced_ ABSL_GUARDED_BY(mu_) = false;
  absl::Duration on_since_ ABSL_GUARDED_BY(mu_);  // valid while on_
  Progress progress_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_CLEANING_WORKER_H_
