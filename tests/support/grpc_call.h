#ifndef OTPGATE_TESTS_SUPPORT_GRPC_CALL_H_
#define OTPGATE_TESTS_SUPPORT_GRPC_CALL_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace otpgate::support {

// A new connection to a port of 127.0.0.1, without automatic retries of calls. Reconnects soon
// after a loss.
inline std::shared_ptr<grpc::Channel> NewChannel(
    int port, grpc::ChannelArguments arguments = {},
    const std::shared_ptr<grpc::ChannelCredentials>& credentials =
        grpc::InsecureChannelCredentials()) {
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port), credentials, arguments);
}

// Calls "package.Service/Method" by name and waits for the answer.
template <class Request, class Response>
grpc::Status CallMethod(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                        grpc::ClientContext& context, const Request& request, Response* response) {
  grpc::TemplatedGenericStub<Request, Response> stub(channel);
  grpc::CompletionQueue queue;
  auto call = stub.PrepareUnaryCall(&context, "/" + method, request, &queue);
  call->StartCall();
  grpc::Status status;
  call->Finish(response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  OTPGATE_CHECK(queue.Next(&tag, &ok));
  return status;
}

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_GRPC_CALL_H_
