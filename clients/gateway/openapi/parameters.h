#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_PARAMETERS_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_PARAMETERS_H_

#include <cstdint>
#include <nlohmann/json.hpp>

#include "clients/gateway/openapi/paths.h"
#include "clients/gateway/openapi/schemas.h"
#include "clients/gateway/transcode/binding.h"

namespace otpgate::gateway {

// The parameters of an operation: those of its path; as query parameters all fields that are
// neither in the path nor in the body, and are values or lists of values (fields of a message by
// their path, "shelf.id"); and the headers Idempotency-Key, where the request has a `request_id`,
// and If-None-Match, where the answer may be cached.
nlohmann::ordered_json ParametersOf(const Binding& binding, const ApiPath& path, Schemas& schemas);

// For how many seconds anyone may keep an answer; 0: nobody may.
uint32_t CacheSeconds(const Binding& binding);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_PARAMETERS_H_
