#ifndef OTPGATE_SERVER_RPC_UNARY_METHOD_H_
#define OTPGATE_SERVER_RPC_UNARY_METHOD_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"
#include "google/rpc/code.pb.h"
#include "server/errors/failure.h"
#include "server/rpc/call_info.h"
#include "server/runtime/log.h"

// A method as the transport sees it: a name, bytes in, a message or a refusal out. Handlers are
// written against this header; it knows nothing of gRPC, whose headers take seconds to compile.
namespace otpgate {

// Where the one answer of a call goes. Exactly one function is called, once, on any thread; a
// second answer ends the process, and a Reply that dies without an answer gives kInternal.
class Reply {
 public:
  virtual ~Reply() = default;
  virtual void Send(const google::protobuf::MessageLite& response) = 0;
  virtual void Refuse(const Failure& failure) = 0;
  // For services whose errors others have defined.
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
  LogLevel log_level = LogLevel::kInfo;  // of its line per call
  bool changes = true;                   // false: whatever its end, nothing was changed
  // Runs on a gRPC thread and must not block. `request` and `info` are valid until it returns.
  std::function<void(const CallInfo& info, absl::string_view request, std::shared_ptr<Reply> reply)>
      serve;
};

template <class Request, class Response>
using UnaryHandler =
    std::function<void(const CallInfo& info, const Request& request, Done<Response> done)>;

// The method `name` served by `handler`, which runs on a gRPC thread and must not block. `info` and
// `request` are valid until it returns; `done` is called once, then or later, on any thread.
// A request that cannot be parsed is kInvalidRequest.
template <class Request, class Response>
UnaryMethod Unary(std::string name, Access access, UnaryHandler<Request, Response> handler) {
  UnaryMethod method;
  method.name = std::move(name);
  method.access = access;
  method.serve = [handler = std::move(handler)](const CallInfo& info, absl::string_view bytes,
                                                std::shared_ptr<Reply> reply) {
    Request request;
    if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      Failure malformed;
      malformed.reason = Reason::kInvalidRequest;
      malformed.violations.push_back({"", "the message is not well-formed"});
      reply->Refuse(malformed);
      return;
    }
    handler(info, request, [reply = std::move(reply)](Outcome<Response> outcome) {
      if (const auto* failure = std::get_if<Failure>(&outcome)) {
        reply->Refuse(*failure);
      } else {
        reply->Send(std::get<Response>(outcome));
      }
    });
  };
  return method;
}

// A method that changes nothing: when it takes too long, that is known.
inline UnaryMethod ReadOnly(UnaryMethod method) {
  method.changes = false;
  return method;
}

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_UNARY_METHOD_H_
