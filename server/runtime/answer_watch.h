#ifndef OTPGATE_SERVER_RUNTIME_ANSWER_WATCH_H_
#define OTPGATE_SERVER_RUNTIME_ANSWER_WATCH_H_

#include <atomic>
#include <cstdint>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/runtime/clock.h"
#include "server/runtime/steady_cond_var.h"

namespace otpgate {

// Ends waits for answers that never come. A peer that is frozen but not gone keeps its TCP
// connection alive for ever, and libraries that block, such as libpq, wait as long. Whoever waited
// longer than `patience` has its socket shut down and sees a lost connection. One thread looks a
// few times per patience, so an end comes up to a quarter late. Thread-safe.
class AnswerWatch {
 public:
  // One connection. Ends before its socket is closed.
  class Line {
   public:
    // No watch: waits without limit. `socket` below 0 is never shut down.
    Line(AnswerWatch* watch, int socket);
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

   private:
    friend class AnswerWatch;
    static constexpr int64_t kIdle = -1;

    AnswerWatch* const watch_;
    const int socket_;
    std::atomic<int64_t> waits_since_ = kIdle;  // nanoseconds of the steady clock
  };

  // While it lives, its line waits for an answer. One at a time per line.
  class Waiting {
   public:
    explicit Waiting(Line& line);
    ~Waiting() { line_.waits_since_.store(Line::kIdle, std::memory_order_relaxed); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    Line& line_;
  };

  // `clock` outlives the watch, the watch its lines.
  AnswerWatch(absl::Duration patience, const Clock& clock);
  ~AnswerWatch();
  AnswerWatch(const AnswerWatch&) = delete;
  AnswerWatch& operator=(const AnswerWatch&) = delete;

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mu_);
  void Look() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const absl::Duration patience_;
  const Clock& clock_;
  absl::Mutex mu_;
  SteadyCondVar changed_;
  absl::flat_hash_set<Line*> lines_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_ANSWER_WATCH_H_
