#ifndef OTPGATE_SERVER_RPC_GRPC_LOG_H_
#define OTPGATE_SERVER_RPC_GRPC_LOG_H_

#include "server/runtime/log.h"

namespace otpgate {

// Sends what the gRPC library has to say to `log` as events GRPC, instead of raw lines on standard
// error. Clients can provoke its errors, so they are warnings at most. Process-global: call it
// before the first server starts, and with null (standard error again) after the last one is gone.
void SendGrpcLogTo(Log* log);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_GRPC_LOG_H_
