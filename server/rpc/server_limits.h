#ifndef OTPGATE_SERVER_RPC_SERVER_LIMITS_H_
#define OTPGATE_SERVER_RPC_SERVER_LIMITS_H_

#include <grpcpp/server_builder.h>

#include "absl/status/status.h"
#include "server/rpc/server_options.h"

namespace otpgate::rpc {

// Checks the options, without the TLS files.
//   INVALID_ARGUMENT     an option out of bounds, or an address that is malformed
//   FAILED_PRECONDITION  plaintext on an address that other machines can reach
absl::Status CheckOptions(const ServerOptions& options);

// Makes gRPC refuse what is too large, too many or too slow before it reaches a handler.
void SetLimits(const ServerOptions& options, grpc::ServerBuilder& builder);

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_SERVER_LIMITS_H_
