#ifndef OTPGATE_SERVER_RUNTIME_EXECUTOR_H_
#define OTPGATE_SERVER_RUNTIME_EXECUTOR_H_

#include <coroutine>
#include <cstddef>
#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "server/runtime/task.h"

namespace otpgate::runtime {

// A few threads for short CPU work (signatures) that must not block the thread that asks for it.
// Thread-safe.
class Executor {
 public:
  using Task = absl::AnyInvocable<void()>;

  // `full`: how many waiting tasks make PostUnlessFull refuse.
  explicit Executor(size_t threads, size_t full = 4096);
  ~Executor() { Stop(); }
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Queues a task without a limit: for answers to commands, whose number the engines limit.
  void Post(Task task) ABSL_LOCKS_EXCLUDED(mu_);
  // Queues a task for a call that no queue has admitted yet. False, and `task` is untouched: too
  // many tasks wait, or the executor was stopped.
  bool PostUnlessFull(Task& task) ABSL_LOCKS_EXCLUDED(mu_);

  // The same for coroutines, which resume on a thread of the executor; when ScheduleUnlessFull
  // returns false, at once on their own thread:
  //   co_await executor->Schedule();
  //   bool taken = co_await executor->ScheduleUnlessFull();
  // A coroutine that still waits when the executor is destroyed is destroyed with it.
  auto Schedule() { return Hop(this); }
  auto ScheduleUnlessFull() { return HopUnlessFull(this); }

  // Runs the tasks that were posted and joins the threads. Tasks posted later never run.
  // Idempotent; not thread-safe against itself.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  // A task that resumes a coroutine, small enough for AnyInvocable not to allocate.
  static auto WakeUp(Continuation continuation) {
    return [waiting = std::move(continuation)]() mutable { waiting.Resume(); };
  }

  // After Post the coroutine may run, and the awaiter may be destroyed.
  class Hop {
   public:
    explicit Hop(Executor* executor) : executor_(executor) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> suspended) {
      executor_->Post(WakeUp(Continuation(suspended)));
    }
    void await_resume() const noexcept {}

   private:
    Executor* const executor_;
  };

  class HopUnlessFull {
   public:
    explicit HopUnlessFull(Executor* executor) : executor_(executor) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> suspended) {
      Executor::Task task = WakeUp(Continuation(suspended));
      if (executor_->PostUnlessFull(task)) return;
      taken_ = false;
      std::move(task)();
    }
    bool await_resume() const noexcept { return taken_; }

   private:
    Executor* const executor_;
    bool taken_ = true;
  };

  void Work() ABSL_LOCKS_EXCLUDED(mu_);
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return closed_ || !tasks_.empty(); }

  const size_t full_;
  absl::Mutex mu_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace otpgate::runtime

#endif  // OTPGATE_SERVER_RUNTIME_EXECUTOR_H_
