#ifndef OTPGATE_SERVER_RUNTIME_REPEATER_H_
#define OTPGATE_SERVER_RUNTIME_REPEATER_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/steady_cond_var.h"

namespace otpgate::runtime {

// Runs a task again and again on a thread of its own. Waits for `interval` before the first run and
// after each run. Thread-safe, except that Stop is not thread-safe against itself.
class Repeater {
 public:
  Repeater(absl::Duration interval, std::function<void()> task);
  ~Repeater() { Stop(); }
  Repeater(const Repeater&) = delete;
  Repeater& operator=(const Repeater&) = delete;

  // Waits for the current run, if any, and ends the thread. Idempotent. The task must not call it.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mu_);

  const absl::Duration interval_;
  const std::function<void()> task_;
  absl::Mutex mu_;
  SteadyCondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace otpgate::runtime

#endif  // OTPGATE_SERVER_RUNTIME_REPEATER_H_
