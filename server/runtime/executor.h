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

// A few threads for short CPU work (signatures) that must not hold up whoever asks for it. The
// queue has no bound of its own: every task belongs to a call that was already admitted.
// Thread-safe.
class Executor {
 public:
  using Task = absl::AnyInvocable<void()>;

  explicit Executor(size_t threads);
  // Runs what was posted, then ends.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  void Post(Task task) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Work() ABSL_LOCKS_EXCLUDED(mu_);
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return closed_ || !tasks_.empty(); }

  absl::Mutex mu_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_EXECUTOR_H_
