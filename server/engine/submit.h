#ifndef OTPGATE_SERVER_ENGINE_SUBMIT_H_
#define OTPGATE_SERVER_ENGINE_SUBMIT_H_

#include <coroutine>
#include <utility>

#include "absl/status/statusor.h"
#include "server/engine/engine.h"
#include "server/engine/pending.h"
#include "server/runtime/task.h"

namespace otpgate::engine {

// What Submit returns. Await it in the same expression: it refers to the arguments of Submit.
template <class Rules>
class [[nodiscard]] SubmitAwaiter {
 public:
  using Command = typename Rules::Command;
  using Reply = typename Rules::Reply;

  SubmitAwaiter(Engine<Rules>* engine, Command&& command, const Cancellation& cancellation)
      : engine_(engine), command_(command), cancellation_(cancellation) {}

  bool await_ready() const noexcept { return false; }

  // The engine may answer before Submit returns, so this awaiter may be destroyed by then: do not
  // touch it afterwards.
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> suspended) {
    auto answer =
        [this, waiting = runtime::Continuation(suspended)](absl::StatusOr<Reply> reply) mutable {
          waiting.Resume(std::move(reply), reply_);
        };
    static_assert(sizeof(answer) <= 2 * sizeof(void*), "no room within AnyInvocable: allocates");
    Pending<Rules> pending;
    pending.command = std::move(command_);
    pending.cancellation = cancellation_;
    pending.answer = std::move(answer);
    engine_->Submit(std::move(pending));
  }

  absl::StatusOr<Reply> await_resume() { return std::move(reply_); }

 private:
  Engine<Rules>* const engine_;
  Command& command_;
  const Cancellation& cancellation_;
  absl::StatusOr<Reply> reply_;
};

// Submits a command and waits for its answer; errors are those of Pending. The coroutine resumes on
// the worker's thread, which it must not block, or on its own thread if the engine refuses at once.
//
//   absl::StatusOr<TakeReply> reply = co_await Submit(engine, std::move(take), cancellation);
template <class Rules>
SubmitAwaiter<Rules> Submit(Engine<Rules>* engine, typename Rules::Command&& command,
                            const Cancellation& cancellation) {
  return SubmitAwaiter<Rules>(engine, std::move(command), cancellation);
}

}  // namespace otpgate::engine

#endif  // OTPGATE_SERVER_ENGINE_SUBMIT_H_
