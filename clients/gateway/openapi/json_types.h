#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_JSON_TYPES_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_JSON_TYPES_H_

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>
#include <optional>

// What the types that proto3 JSON has rules for look like in JSON. Functions of their arguments,
// safe on any thread.
namespace otpgate::gateway {

// The schema of a number, text, bytes or bool. uint32 is `format: int64`, the smallest format of
// OpenAPI that holds all its values.
nlohmann::ordered_json ScalarSchema(google::protobuf::FieldDescriptor::Type type);

// The schema of a message of google.protobuf with JSON of its own, such as Timestamp; none: it has
// the JSON of its fields.
std::optional<nlohmann::ordered_json> WellKnownSchema(const google::protobuf::Descriptor& message);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_JSON_TYPES_H_
