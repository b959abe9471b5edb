#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_OPENAPI_JSON_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_OPENAPI_JSON_H_

#include "absl/strings/string_view.h"

namespace otpgate::gateway {

// The OpenAPI document of the services that the gateway serves, made from the protos by the build.
// Thread-safe.
absl::string_view OpenApiJson();

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_OPENAPI_JSON_H_
