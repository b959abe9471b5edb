#ifndef OTPGATE_TESTS_BENCH_STRESS_CLEANING_WORKER_H_
#define OTPGATE_TESTS_BENCH_STRESS_CLEANING_WORKER_H_

#include <cstdint>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/runtime/clock.h"
#include "storage/cleanup.h"

namespace otpgate::bench {

// The cleanup of a server, one round after the other at a server's pace, but that it can be told
// to rest. Thread-safe; a thread of its own, which ends with the object.
class CleaningWorker {
 public:
  struct Progress {
    int64_t removed = 0;
    absl::Duration worked;  // not told to rest
    int64_t rounds = 0;     // that looked through everything
    absl::Status problem;   // the first one
  };

  // Rests until it is told to work.
  CleaningWorker(std::unique_ptr<Cleaner> cleaner, const Clock& clock);
  ~CleaningWorker();
  CleaningWorker(const CleaningWorker&) = delete;
  CleaningWorker& operator=(const CleaningWorker&) = delete;

  // Rests or works from its next statement on, of which one takes milliseconds.
  void Work(bool on) ABSL_LOCKS_EXCLUDED(mu_);
  // No longer at a server's pace: from now on one statement follows the other.
  void Hurry() ABSL_LOCKS_EXCLUDED(mu_);
  Progress progress() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run();
  void Note(int64_t removed) ABSL_LOCKS_EXCLUDED(mu_);
  // False: the object ends.
  bool Rest(absl::Duration time) ABSL_LOCKS_EXCLUDED(mu_);

  const std::unique_ptr<Cleaner> cleaner_;
  const Clock& clock_;
  mutable absl::Mutex mu_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  bool on_ ABSL_GUARDED_BY(mu_) = false;
  bool hurrying_ ABSL_GUARDED_BY(mu_) = false;
  absl::Duration on_since_ ABSL_GUARDED_BY(mu_);  // while it is on
  Progress progress_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_CLEANING_WORKER_H_
