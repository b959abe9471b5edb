#ifndef OTPGATE_BASE_ANSWER_WATCH_H_
#define OTPGATE_BASE_ANSWER_WATCH_H_

#include <atomic>
#include <cstdint>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/steady_cond_var.h"

namespace otpgate {

// Ends waits for answers that never come. A peer that is frozen but not dead keeps its TCP
// connection alive, and a blocking library such as libpq would wait for it for ever. The watch
// shuts down the socket of a connection that has waited for `timeout`, so the library sees a lost
// connection. One thread checks four times per timeout, so a wait may last a quarter longer.
// Thread-safe.
class AnswerWatch {
 public:
  // A watched socket. Destroy it before the descriptor is closed.
  class Socket {
   public:
    // Without a watch, or with a negative `descriptor`, waits have no limit.
    Socket(AnswerWatch* watch, int descriptor);
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

   private:
    friend class AnswerWatch;
    static constexpr int64_t kIdle = -1;

    AnswerWatch* const watch_;
    const int descriptor_;
    std::atomic<int64_t> waits_since_ = kIdle;  // Clock::Steady() in nanoseconds
  };

  // A wait for an answer on a socket, as long as this object lives. One at a time per socket.
  class Waiting {
   public:
    explicit Waiting(Socket& socket);
    ~Waiting() { socket_.waits_since_.store(Socket::kIdle, std::memory_order_relaxed); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    Socket& socket_;
  };

  // `clock` outlives the watch, and the watch outlives its sockets.
  AnswerWatch(absl::Duration timeout, const Clock& clock);
  ~AnswerWatch();
  AnswerWatch(const AnswerWatch&) = delete;
  AnswerWatch& operator=(const AnswerWatch&) = delete;

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mu_);
  void ShutDownOverdue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const absl::Duration timeout_;
  const Clock& clock_;
  absl::Mutex mu_;
  SteadyCondVar changed_;
  absl::flat_hash_set<Socket*> sockets_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace otpgate

#endif  // OTPGATE_BASE_ANSWER_WATCH_H_
