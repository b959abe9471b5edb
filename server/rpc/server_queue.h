#ifndef OTPGATE_SERVER_RPC_SERVER_QUEUE_H_
#define OTPGATE_SERVER_RPC_SERVER_QUEUE_H_

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/rpc/completion.h"

namespace otpgate {

// A completion queue with the one thread that serves it, and a way to bring work of other threads
// there. What comes while that thread has not looked yet travels together: one wake-up, whatever
// the number. gRPC by itself wakes the thread for each answer that is given elsewhere, and writes
// it there.
class ServerQueue final : private Completion {
 public:
  explicit ServerQueue(std::unique_ptr<grpc::ServerCompletionQueue> queue)
      : queue_(std::move(queue)) {}
  ServerQueue(const ServerQueue&) = delete;
  ServerQueue& operator=(const ServerQueue&) = delete;

  grpc::ServerCompletionQueue* get() const { return queue_.get(); }

  // Serves the queue on the thread that calls it, until Shutdown and all events are done.
  void Serve();
  // Nothing may be posted or begin on the queue from here on, nor be posted and not have run.
  void Shutdown() { queue_->Shutdown(); }

  // Runs `work` with true: now on the queue's own thread, else there, soon, in the order of Post.
  // Thread-safe.
  void Post(Completion* work) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run(bool ok) override ABSL_LOCKS_EXCLUDED(mu_);

  static inline thread_local const ServerQueue* served_here_ = nullptr;

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  grpc::Alarm alarm_;  // rings at once; set by whoever finds nothing waiting
  absl::Mutex mu_;
  std::vector<Completion*> waiting_ ABSL_GUARDED_BY(mu_);
  std::vector<Completion*> running_;  // of the queue's thread
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_SERVER_QUEUE_H_
