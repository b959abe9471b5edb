#include "clients/gateway/openapi/json_types.h"

#include <cstdint>
#include <limits>
#include <map>
#include <string>

namespace otpgate::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::ordered_json;

ordered_json FloatingSchema(const char* format) {
  return {{"oneOf",
           {{{"type", "number"}, {"format", format}},
            {{"type", "string"}, {"enum", {"NaN", "Infinity", "-Infinity"}}}}}};
}

// null, where protobuf has a message around a scalar to tell "not set" from 0.
ordered_json Nullable(const Descriptor& wrapper) {
  ordered_json schema = ScalarSchema(wrapper.FindFieldByName("value")->type());
  if (schema.contains("oneOf")) {
    schema["oneOf"].push_back({{"type", "null"}});
  } else {
    schema["type"] = {schema["type"], "null"};
  }
  return schema;
}

ordered_json AnySchema() {
  return {{"type", "object"},
          {"required", {"@type"}},
          {"properties", {{"@type", {{"type", "string"}}}}},
          {"additionalProperties", true}};
}

const std::map<std::string, ordered_json>& WellKnown() {
  static const auto* const schemas = new std::map<std::string, ordered_json>{
      {"Any", AnySchema()},
      {"Duration", {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$"}}},
      {"Empty", {{"type", "object"}}},
      {"FieldMask", {{"type", "string"}}},
      {"ListValue", {{"type", "array"}, {"items", ordered_json::object()}}},
      {"Struct", {{"type", "object"}, {"additionalProperties", true}}},
      {"Timestamp", {{"type", "string"}, {"format", "date-time"}}},
      {"Value", ordered_json::object()}};
  return *schemas;
}

}  // namespace

ordered_json ScalarSchema(FieldDescriptor::Type type) {
  switch (type) {
    case FieldDescriptor::TYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_SINT32:
    case FieldDescriptor::TYPE_SFIXED32:
      return {{"type", "integer"}, {"format", "int32"}};
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_FIXED32:
      return {{"type", "integer"},
              {"format", "int64"},
              {"minimum", 0},
              {"maximum", std::numeric_limits<uint32_t>::max()}};
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SINT64:
    case FieldDescriptor::TYPE_SFIXED64:
      return {{"type", "string"}, {"format", "int64"}};
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
      return {{"type", "string"}, {"format", "uint64"}};
    case FieldDescriptor::TYPE_FLOAT:
      return FloatingSchema("float");
    case FieldDescriptor::TYPE_DOUBLE:
      return FloatingSchema("double");
    case FieldDescriptor::TYPE_BYTES:
      return {{"type", "string"}, {"contentEncoding", "base64"}};
    default:
      return {{"type", "string"}};
  }
}

std::optional<ordered_json> WellKnownSchema(const Descriptor& message) {
  if (message.file()->package() != "google.protobuf") return std::nullopt;
  const auto found = WellKnown().find(message.name());
  if (found != WellKnown().end()) return found->second;
  if (message.file()->name() == "google/protobuf/wrappers.proto") return Nullable(message);
  return std::nullopt;
}

}  // namespace otpgate::gateway
