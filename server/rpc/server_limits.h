#ifndef OTPGATE_SERVER_RPC_SERVER_LIMITS_H_
#define OTPGATE_SERVER_RPC_SERVER_LIMITS_H_

#include <grpcpp/server_builder.h>

#include "absl/status/status.h"
#include "server/rpc/server.h"

namespace otpgate {

// INVALID_ARGUMENT, naming the option: a value that no server can work with.
absl::Status CheckOptions(const ServerOptions& options);

// Makes gRPC refuse what is too large, too many or too slow before it reaches a handler.
void SetLimits(const ServerOptions& options, grpc::ServerBuilder& builder);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_SERVER_LIMITS_H_
