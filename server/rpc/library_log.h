#ifndef OTPGATE_SERVER_RPC_LIBRARY_LOG_H_
#define OTPGATE_SERVER_RPC_LIBRARY_LOG_H_

#include "base/log.h"

// What gRPC and protobuf would otherwise write on standard error as raw lines.
namespace otpgate::rpc {

// While it lives, messages of the gRPC library go to `log` as events GRPC. Whoever connects can
// provoke its errors, so they are warnings at most. Process-global: one at a time.
class GrpcLogRedirect {
 public:
  // `log` outlives it.
  explicit GrpcLogRedirect(Log* log);
  ~GrpcLogRedirect();
  GrpcLogRedirect(const GrpcLogRedirect&) = delete;
  GrpcLogRedirect& operator=(const GrpcLogRedirect&) = delete;
};

// Discards messages of the protobuf library, which any caller can provoke with broken UTF-8. The
// call is refused, and its log line tells. Process-global, not thread-safe: call it first in main.
void DiscardProtobufLog();

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_LIBRARY_LOG_H_
