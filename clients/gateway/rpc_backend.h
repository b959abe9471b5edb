#ifndef OTPGATE_CLIENTS_GATEWAY_RPC_BACKEND_H_
#define OTPGATE_CLIENTS_GATEWAY_RPC_BACKEND_H_

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "clients/gateway/call_headers.h"

namespace otpgate::gateway {

// One RPC, as the gateway sends it.
struct RpcCall {
  std::string path;     // "/otpgate.v1.AuthService/RequestOtp"
  std::string message;  // the request, serialized
  Metadata metadata;
  absl::Duration timeout;
};

// How it ended.
struct RpcReply {
  int code = 0;         // grpc-status, a google.rpc.Code
  std::string message;  // OK: the reply, serialized; otherwise grpc-message
  std::string details;  // grpc-status-details-bin: a google.rpc.Status, serialized; or empty
};

// Where the gateway sends its RPCs. Thread-safe.
class RpcBackend {
 public:
  virtual ~RpcBackend() = default;

  // Starts a call and returns at once. `done` is called exactly once, on another thread, where it
  // must not block; when the call takes longer than its timeout, with DEADLINE_EXCEEDED.
  virtual void Call(RpcCall call, std::function<void(RpcReply)> done) = 0;

  // Whether a server can be reached now. Does not wait.
  virtual bool ready() = 0;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_RPC_BACKEND_H_
