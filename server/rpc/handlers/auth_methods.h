#ifndef OTPGATE_SERVER_RPC_HANDLERS_AUTH_METHODS_H_
#define OTPGATE_SERVER_RPC_HANDLERS_AUTH_METHODS_H_

#include <vector>

#include "server/rpc/unary_method.h"
#include "server/service/auth_api.h"
#include "server/validation/requests.h"

namespace otpgate::rpc {

// The methods of AuthService: each validates its request, runs the use case and converts the
// result. `otps` and `sessions` outlive the server.
std::vector<UnaryMethod> AuthMethods(const service::OtpApi* otps,
                                     const service::SessionApi* sessions,
                                     const validation::ValidationLimits& limits);

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_HANDLERS_AUTH_METHODS_H_
