#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_SCHEMAS_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_SCHEMAS_H_

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "clients/gateway/transcode/binding.h"

namespace otpgate::gateway {

enum class Direction : uint8_t { kRequest, kResponse };

// The schemas of messages and enums, by the mapping of proto3 JSON, under `components/schemas`. Not
// thread-safe.
//
//   requests    refuse fields that they do not have; a field is required if its comment says so
//               (SaysRequired); secret text is `format: password`, so that forms hide it
//   responses   may get further fields; required is what the gateway always writes: all but
//               messages and members of a oneof
//
// A message has its name without the package; if it is in requests and in responses, the form of
// requests has "Input" at its end. Names that are taken become full names.
class Schemas {
 public:
  // For the messages of these bindings. `reserved`: names that are taken.
  Schemas(absl::Span<const Binding> bindings, const std::vector<std::string>& reserved);

  // A reference to the schema of the message, or the schema itself if it is a well-known type.
  nlohmann::ordered_json Message(const google::protobuf::Descriptor& message, Direction direction);

  // The schema of a message without some of its fields (in proto names).
  nlohmann::ordered_json Object(const google::protobuf::Descriptor& message, Direction direction,
                                const std::vector<std::string>& without = {});

  // The schema of a field, with its comment as description.
  nlohmann::ordered_json Field(const google::protobuf::FieldDescriptor& field, Direction direction);

  // As Field, without description.
  nlohmann::ordered_json Value(const google::protobuf::FieldDescriptor& field, Direction direction);

  // All that was referred to, by name.
  const std::map<std::string, nlohmann::ordered_json>& all() const { return all_; }

 private:
  nlohmann::ordered_json Element(const google::protobuf::FieldDescriptor& field,
                                 Direction direction);
  nlohmann::ordered_json Enum(const google::protobuf::EnumDescriptor& type);
  template <class AnyDescriptor>
  std::string NameFor(const AnyDescriptor& type, const char* suffix);

  std::set<std::string> in_responses_;         // full names
  std::map<std::string, std::string> owners_;  // by name of the schema: what has it
  std::map<std::string, nlohmann::ordered_json> all_;
};

// The names and texts of all values, as a list in Markdown; `prefix` is cut off the names.
std::string ValueList(const google::protobuf::EnumDescriptor& type, const std::string& prefix = "");

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_SCHEMAS_H_
