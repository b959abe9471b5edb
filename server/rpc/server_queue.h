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

namespace otpgate::rpc {

// A completion queue with the one thread that serves it. Other threads may post work to that
// thread: what is posted before the thread wakes up shares one wake-up. gRPC alone would wake the
// thread once for each answer that is given elsewhere.
class ServerQueue final : private Completion {
 public:
  explicit ServerQueue(std::unique_ptr<grpc::ServerCompletionQueue> queue)
      : queue_(std::move(queue)) {}
  ServerQueue(const ServerQueue&) = delete;
  ServerQueue& operator=(const ServerQueue&) = delete;

  grpc::ServerCompletionQueue* get() const { return queue_.get(); }

  // Serves the queue on the thread that calls it, until Shutdown and all events are done.
  void Serve();
  // No operation may start and no work may be posted from here on; work that was posted has run.
  void Shutdown() { queue_->Shutdown(); }

  // Runs `work` with true on the thread of the queue: at once if that is the current thread, else
  // soon, in the order of Post. Thread-safe.
  void Post(Completion* work) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run(bool ok) override ABSL_LOCKS_EXCLUDED(mu_);

  static inline thread_local const ServerQueue* served_here_ = nullptr;

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  grpc::Alarm alarm_;  // expires at once; set by the Post that finds nothing waiting
  absl::Mutex mu_;
  std::vector<Completion*> waiting_ ABSL_GUARDED_BY(mu_);
  std::vector<Completion*> running_;  // only for the queue's thread
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_SERVER_QUEUE_H_
