#ifndef OTPGATE_SERVER_RPC_GRPC_LOG_H_
#define OTPGATE_SERVER_RPC_GRPC_LOG_H_

#include "server/runtime/log.h"

namespace otpgate {

// While it lives, what the gRPC library has to say goes to `log` as events GRPC, instead of raw
// lines on standard error. Clients can provoke its errors, so they are warnings at most.
// Process-global: one at a time.
class GrpcLogTo {
 public:
  // `log` outlives it.
  explicit GrpcLogTo(Log* log);
  ~GrpcLogTo();
  GrpcLogTo(const GrpcLogTo&) = delete;
  GrpcLogTo& operator=(const GrpcLogTo&) = delete;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_GRPC_LOG_H_
