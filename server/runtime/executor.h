#ifndef OTPGATE_SERVER_RUNTIME_EXECUTOR_H_
#define OTPGATE_SERVER_RUNTIME_EXECUTOR_H_

#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace otpgate {

// A few threads for short CPU work (signatures) that must not hold up whoever asks for it.
// Thread-safe.
class Executor {
 public:
  using Task = absl::AnyInvocable<void()>;

  // `full`: as many waiting tasks are enough for PostUnlessFull.
  explicit Executor(size_t threads, size_t full = 4096);
  ~Executor() { Stop(); }
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Without a bound: for the answers of commands, which engines have admitted.
  void Post(Task task) ABSL_LOCKS_EXCLUDED(mu_);
  // For what nobody has admitted yet. False: too many tasks wait, or it was stopped; `task` was not
  // taken.
  bool PostUnlessFull(Task& task) ABSL_LOCKS_EXCLUDED(mu_);

  // Runs what was posted, then ends: afterwards nothing runs here any more, not even the end of a
  // task. What is posted later never runs. Idempotent; one thread.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Work() ABSL_LOCKS_EXCLUDED(mu_);
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return closed_ || !tasks_.empty(); }

  const size_t full_;
  absl::Mutex mu_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_EXECUTOR_H_
