#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_OPERATION_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_OPERATION_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "clients/gateway/openapi/paths.h"
#include "clients/gateway/openapi/schemas.h"
#include "clients/gateway/transcode/binding.h"

namespace otpgate::gateway {

// One binding as an operation. The schemas that it needs are added to `schemas`; it refers to
// SharedParts too. Its body is required if a field in it is: the gateway takes an empty body for an
// empty message.
nlohmann::ordered_json OperationOf(const Binding& binding, const std::string& id,
                                   const ApiPath& path, Schemas& schemas);

// Whether a method takes the bearer token, by its comment, because no annotation tells it:
//   required  its first sentence is about "the account of the bearer token"
//   optional  it speaks of a bearer token in another way
//   none      it does not, or says "Needs no bearer token"
// Safe on any thread.
nlohmann::ordered_json SecurityOf(absl::string_view comment);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_OPERATION_H_
