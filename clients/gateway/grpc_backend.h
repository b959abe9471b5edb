#ifndef OTPGATE_CLIENTS_GATEWAY_GRPC_BACKEND_H_
#define OTPGATE_CLIENTS_GATEWAY_GRPC_BACKEND_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "clients/gateway/rpc_backend.h"

namespace otpgate::gateway {

// Calls servers over gRPC channels of the client library. A thread of its own takes the answers.
class GrpcBackend final : public RpcBackend {
 public:
  // At least one channel; calls take them in turn.
  explicit GrpcBackend(std::vector<std::shared_ptr<grpc::Channel>> channels);
  // Cancels the calls in progress and waits until all have had their answer.
  ~GrpcBackend() override;

  void Call(RpcCall call, std::function<void(RpcReply)> done) override;
  bool ready() override;

 private:
  struct Pending;
  using Stub = grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer>;

  void TakeAnswers();
  // False: the backend ends, and no call may begin.
  bool Begin(Pending& pending) ABSL_LOCKS_EXCLUDED(mu_);
  void End(Pending& pending) ABSL_LOCKS_EXCLUDED(mu_);

  const std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::vector<std::unique_ptr<Stub>> stubs_;
  std::atomic<size_t> next_{0};
  grpc::CompletionQueue queue_;
  absl::Mutex mu_;
  bool ending_ ABSL_GUARDED_BY(mu_) = false;
  Pending* first_ ABSL_GUARDED_BY(mu_) = nullptr;  // calls in progress, as a linked list
  std::thread thread_;                             // the last member: it uses the others
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_GRPC_BACKEND_H_
