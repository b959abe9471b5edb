#ifndef OTPGATE_SERVER_RUNTIME_TASK_H_
#define OTPGATE_SERVER_RUNTIME_TASK_H_

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "base/check.h"

// Asynchronous functions that read from top to bottom: C++20 coroutines.
//
//   Task<int> Answer(Executor* signers, std::string question) {
//     co_await signers->Schedule();     // from here on, on a thread of the executor
//     const int half = co_await Half(question);
//     co_return 2 * half;
//   }
//
// Threads. A task has no thread of its own. It runs on the thread of its caller until it suspends,
// and resumes on the thread that completes what it awaits: after `co_await executor->Schedule()` on
// a thread of the executor, after `co_await Submit(engine, ...)` on the thread of a worker (or on
// its own if the engine refuses at once). Code on a gRPC or a worker thread must not block.
//
// Rules for coroutines:
//   * Parameters are values, or pointers to objects that outlive the server. References,
//     string_views and spans may dangle after the first suspension. A lambda with captures must not
//     be a coroutine, because its captures are destroyed with it; it may call one.
//   * Hold no lock and no state of the thread (NoBlockingScope, thread_local) across a co_await.
//   * After a co_await, read again what other threads may have changed.
//   * An exception that leaves a coroutine ends the process.
//
// Do not write what g++ 12 compiles wrongly or not at all:
//   * a lambda with captures, a braced aggregate or designated initializers in one full expression
//     with a co_await: temporaries may be destroyed twice (GCC bugs 95599, 99576). Name them first.
//   * a co_await in a condition (if, while, ?:, &&, ||): name its result first.
//   * auto [a, b] = co_await ...
namespace otpgate::runtime {

namespace task_internal {

// Links the frames of a chain: the tasks that await each other.
struct Link {
  std::coroutine_handle<> frame;
  Link* awaiting = nullptr;  // the frame that awaits this one; null: this is the root
};

}  // namespace task_internal

// A suspended task and the chain of tasks that await it, owned by whoever will resume it. Resume it
// at most once; a second time ends the process. A continuation that is destroyed without being
// resumed destroys the whole chain from its root on: nothing leaks, and the object that the root
// holds (the reply of a call) learns that no answer will come. Move-only; one thread at a time.
class Continuation {
 public:
  // To be called in await_suspend, with the coroutine that suspends.
  template <class Promise>
  explicit Continuation(std::coroutine_handle<Promise> suspended) : leaf_(&suspended.promise()) {}
  Continuation(Continuation&& other) noexcept : leaf_(std::exchange(other.leaf_, nullptr)) {}
  Continuation& operator=(Continuation&&) = delete;
  ~Continuation() {
    if (leaf_ != nullptr) DestroyChain();
  }

  // Runs the task on this thread until it suspends again or ends. The chain and its awaiters may be
  // destroyed when this returns, or earlier on another thread.
  void Resume() {
    task_internal::Link* leaf = std::exchange(leaf_, nullptr);
    OTPGATE_CHECK(leaf != nullptr);  // resumed twice
    leaf->frame.resume();
  }

  // The same, once the result that the task waits for is in `place`, which belongs to the task:
  // after a first time `place` may be gone, so nothing is written to it then.
  template <class T>
  void Resume(T result, T& place) {
    OTPGATE_CHECK(leaf_ != nullptr);  // resumed twice
    place = std::move(result);
    Resume();
  }

 private:
  // The root owns the task it awaits, that task owns the next one, and so on.
  void DestroyChain() {
    task_internal::Link* root = leaf_;
    while (root->awaiting != nullptr) root = root->awaiting;
    root->frame.destroy();
  }

  task_internal::Link* leaf_;
};

// A call of an asynchronous function with a result of type T. Lazy: it begins when it is awaited,
// which may happen once; a task that is destroyed before that never runs. Owns its frame;
// move-only.
template <class T>
class [[nodiscard]] Task {
 public:
  class promise_type;

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (frame_) frame_.destroy();
  }

  auto operator co_await() && noexcept { return Awaiter(frame_); }

 private:
  using Frame = std::coroutine_handle<promise_type>;

  // Begins the task and takes its result. Frames resume each other by symmetric transfer, so a long
  // chain uses no stack in optimized builds.
  class Awaiter {
   public:
    explicit Awaiter(Frame frame) : frame_(frame) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> caller) noexcept {
      frame_.promise().awaiting = &caller.promise();
      return frame_;
    }
    T await_resume() { return frame_.promise().TakeResult(); }

   private:
    const Frame frame_;
  };

  explicit Task(Frame frame) : frame_(frame) {}

  Frame frame_;
};

template <class T>
class Task<T>::promise_type : public task_internal::Link {
 public:
  Task get_return_object() {
    const Frame self = Frame::from_promise(*this);
    frame = self;
    return Task(self);
  }
  std::suspend_always initial_suspend() noexcept { return {}; }
  auto final_suspend() noexcept { return ReturnToCaller(); }
  void return_value(T value) { result_.emplace(std::move(value)); }
  void unhandled_exception() noexcept { std::terminate(); }

  T TakeResult() { return *std::move(result_); }

 private:
  struct ReturnToCaller {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(Frame ended) const noexcept {
      return ended.promise().awaiting->frame;
    }
    void await_resume() const noexcept {}
  };

  std::optional<T> result_;
};

namespace task_internal {

// The root of a chain. Its frame owns itself and is destroyed when its body ends.
struct Root {
  struct promise_type : Link {
    Root get_return_object() {
      frame = std::coroutine_handle<promise_type>::from_promise(*this);
      return {};
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

template <class T, class Done>
Root RunToItsEnd(Task<T> task, Done done) {
  T result = co_await std::move(task);
  done(std::move(result));
}

}  // namespace task_internal

// Begins `task` on this thread, outside of a coroutine, and returns when it suspends or has ended.
// Calls `done` once with the result, on the thread where the task ends. If the chain is destroyed
// instead (see Continuation), `done` is destroyed without being called.
template <class T, class Done>
void Spawn(Task<T> task, Done done) {
  task_internal::RunToItsEnd(std::move(task), std::move(done));
}

}  // namespace otpgate::runtime

#endif  // OTPGATE_SERVER_RUNTIME_TASK_H_
