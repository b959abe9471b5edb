#ifndef OTPGATE_SERVER_RPC_HANDLERS_COMPAT_METHODS_H_
#define OTPGATE_SERVER_RPC_HANDLERS_COMPAT_METHODS_H_

#include <vector>

#include "server/rpc/compat_options.h"
#include "server/rpc/unary_method.h"
#include "server/service/auth_api.h"
#include "server/validation/requests.h"

namespace otpgate::rpc {

// The methods of CompatService that `options` switch on: the use cases of AuthService behind the
// requests and replies of older designs. `otps` outlives the server.
std::vector<UnaryMethod> CompatMethods(const service::OtpApi* otps,
                                       const validation::ValidationLimits& limits,
                                       const CompatOptions& options);

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_HANDLERS_COMPAT_METHODS_H_
