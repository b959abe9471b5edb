#ifndef OTPGATE_SERVER_RUNTIME_REPEATER_H_
#define OTPGATE_SERVER_RUNTIME_REPEATER_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/runtime/steady_cond_var.h"

namespace otpgate {

// Does something again and again on a thread of its own, with `interval` between the end of one
// time and the begin of the next, and before the first.
class Repeater {
 public:
  Repeater(absl::Duration interval, std::function<void()> task);
  ~Repeater() { Stop(); }
  Repeater(const Repeater&) = delete;
  Repeater& operator=(const Repeater&) = delete;

  // Waits for a task that runs; none begins after it. Idempotent; not for the task itself.
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

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_REPEATER_H_
