#ifndef OTPGATE_SERVER_RPC_UNARY_METHOD_H_
#define OTPGATE_SERVER_RPC_UNARY_METHOD_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "base/log.h"
#include "google/protobuf/message_lite.h"
#include "google/rpc/code.pb.h"
#include "server/errors/failure.h"
#include "server/rpc/call_info.h"
#include "server/runtime/task.h"

// A unary method without gRPC: a name, bytes in, a message or a refusal out. Handlers include this
// header and not those of gRPC, which take seconds to compile.
namespace otpgate::rpc {

// Takes the one answer of a call: exactly one function is called, once, on any thread. A second
// answer ends the process; a Reply destroyed without an answer answers kInternal.
class Reply {
 public:
  virtual ~Reply() = default;
  virtual void Send(const google::protobuf::MessageLite& response) = 0;
  virtual void Refuse(const errors::Failure& failure) = 0;
  // For services with status codes of their own, such as grpc.health.v1.
  virtual void Abort(google::rpc::Code code, absl::string_view message) = 0;
};

// Who may call a method.
enum class Access {
  kCallers,  // callers that are known and have it among their methods
  kAnyone,
};

struct UnaryMethod {
  std::string name;  // "otpgate.v1.AuthService/VerifyOtp"
  Access access = Access::kCallers;
  LogLevel log_level = LogLevel::kInfo;  // of the log line of each call
  bool changes = true;                   // false: calls of it change nothing
  // Runs on a gRPC thread and must not block. `request` is valid until it returns.
  std::function<void(CallInfo info, absl::string_view request, std::shared_ptr<Reply> reply)> serve;
};

// A coroutine, or a function that calls one. The task owns its arguments for the life of the call.
template <class Request, class Response>
using UnaryHandler =
    std::function<runtime::Task<errors::Outcome<Response>>(CallInfo info, Request request)>;

// The method `name`, served by `handler`, which starts on a gRPC thread and must not block. A
// request that cannot be parsed is kInvalidRequest.
template <class Request, class Response>
UnaryMethod Unary(std::string name, Access access, UnaryHandler<Request, Response> handler) {
  UnaryMethod method;
  method.name = std::move(name);
  method.access = access;
  method.serve = [handler = std::move(handler)](CallInfo info, absl::string_view bytes,
                                                std::shared_ptr<Reply> reply) {
    Request request;
    if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      errors::Failure malformed;
      malformed.reason = errors::Reason::kInvalidRequest;
      malformed.violations.push_back({"", "the message is not well-formed"});
      reply->Refuse(malformed);
      return;
    }
    runtime::Spawn(handler(std::move(info), std::move(request)),
                   [reply = std::move(reply)](const errors::Outcome<Response>& outcome) {
                     if (outcome) {
                       reply->Send(*outcome);
                     } else {
                       reply->Refuse(outcome.error());
                     }
                   });
  };
  return method;
}

// Marks a method that changes nothing: past its deadline it is kDeadlineExceeded, not
// kOutcomeUnknown.
inline UnaryMethod ReadOnly(UnaryMethod method) {
  method.changes = false;
  return method;
}

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_UNARY_METHOD_H_
