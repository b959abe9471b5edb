#ifndef OTPGATE_SERVER_RPC_BYTE_SERVICE_H_
#define OTPGATE_SERVER_RPC_BYTE_SERVICE_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_unary_call.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>
#include <vector>

#include "server/rpc/completion.h"
#include "server/rpc/unary_method.h"

namespace otpgate::rpc {

// Registers unary methods with gRPC by name; their messages are plain bytes.
class ByteService final : public grpc::Service {
 public:
  explicit ByteService(const std::vector<UnaryMethod>& methods);

  using Writer = grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>;

  // Asks gRPC for one call of the method at `index`; `tag` runs when the call arrives.
  void Request(int index, grpc::ServerContext* context, grpc::ByteBuffer* request, Writer* writer,
               grpc::ServerCompletionQueue* queue, Completion* tag) {
    RequestAsyncUnary(index, context, request, writer, queue, queue, tag);
  }

 private:
  std::vector<std::string> paths_;  // gRPC keeps pointers to their text
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_BYTE_SERVICE_H_
