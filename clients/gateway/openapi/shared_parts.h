#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_SHARED_PARTS_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_SHARED_PARTS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace otpgate::gateway {

// The components that do not depend on the services: errors as error_body.h writes them, headers,
// the bearer token. Safe on any thread.
nlohmann::ordered_json SharedParts();

// The names of the schemas among them.
std::vector<std::string> SharedSchemaNames();

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_SHARED_PARTS_H_
