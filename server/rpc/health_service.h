#ifndef OTPGATE_SERVER_RPC_HEALTH_SERVICE_H_
#define OTPGATE_SERVER_RPC_HEALTH_SERVICE_H_

#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/byte_buffer.h>

#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/rpc/completion.h"
#include "server/rpc/health_board.h"
#include "server/rpc/open_calls.h"
#include "server/rpc/ref_count.h"
#include "server/rpc/unary_method.h"

// grpc.health.v1 on our own completion queues. The default service of gRPC 1.51 runs on callback
// threads; their polling takes events away from our threads, which cost a quarter to a half of the
// CPU of an empty call, and they sleep for up to 100 ms.
namespace otpgate::rpc {

// grpc.health.v1.Health/Check. Open to anyone: probes have no credentials.
UnaryMethod HealthCheck(const HealthBoard* board);

// grpc.health.v1.Health/Watch.
class HealthWatchService final : public grpc::Service {
 public:
  using Writer = grpc::ServerAsyncWriter<grpc::ByteBuffer>;

  HealthWatchService();

  void Request(grpc::ServerContext* context, grpc::ByteBuffer* request, Writer* writer,
               grpc::ServerCompletionQueue* queue, Completion* tag) {
    RequestAsyncServerStreaming(0, context, request, writer, queue, queue, tag);
  }
};

// One stream of Watch. It writes each health it is told, ends when the other side leaves or the
// board closes, and deletes itself. Once accepted, it posts the next one.
class HealthWatch final : public HealthBoard::Watcher {
 public:
  static void Post(HealthWatchService* service, HealthBoard* board, OpenCalls* open,
                   grpc::ServerCompletionQueue* queue);

  void OnHealth(Health health) override ABSL_LOCKS_EXCLUDED(mu_);
  void OnClosed() override ABSL_LOCKS_EXCLUDED(mu_);

 private:
  HealthWatch(HealthWatchService* service, HealthBoard* board, OpenCalls* open,
              grpc::ServerCompletionQueue* queue)
      : service_(service), board_(board), open_(open), queue_(queue) {}

  void OnAccepted(bool ok);
  void OnWritten(bool ok) ABSL_LOCKS_EXCLUDED(mu_);
  void OnFinished(bool ok);
  void OnDone(bool ok) ABSL_LOCKS_EXCLUDED(mu_);

  // Starts the next operation, if one is due: gRPC takes one at a time.
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void RemoveReference() {
    if (references_.Remove()) delete this;
  }

  HealthWatchService* const service_;
  HealthBoard* const board_;
  OpenCalls* const open_;
  const OpenCalls::Member member_{*open_};
  grpc::ServerCompletionQueue* const queue_;
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  HealthWatchService::Writer writer_{&context_};

  MemberCompletion<HealthWatch, &HealthWatch::OnAccepted> accepted_{this};
  MemberCompletion<HealthWatch, &HealthWatch::OnWritten> written_{this};
  MemberCompletion<HealthWatch, &HealthWatch::OnFinished> finished_{this};
  MemberCompletion<HealthWatch, &HealthWatch::OnDone> done_{this};

  RefCount references_;
  absl::Mutex mu_;
  bool busy_ ABSL_GUARDED_BY(mu_) = false;
  bool over_ ABSL_GUARDED_BY(mu_) = false;     // no operation may start any more
  bool closing_ ABSL_GUARDED_BY(mu_) = false;  // end once all is written
  std::optional<Health> wanted_ ABSL_GUARDED_BY(mu_);
  std::optional<Health> written_health_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_HEALTH_SERVICE_H_
