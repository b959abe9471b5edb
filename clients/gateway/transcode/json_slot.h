#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_JSON_SLOT_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_JSON_SLOT_H_

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

// What the proto3 JSON mapping allows at a place of a JSON text. Plain data and functions of their
// arguments, safe on any thread.
namespace otpgate::gateway {

struct JsonSlot {
  enum class Rule : uint8_t {
    kMessage,     // an object with the fields of `type`
    kMap,         // an object whose values are those of the map `field`
    kList,        // an array of elements of `field`
    kScalar,      // a value of `field`, or of one element of it
    kText,        // a string: Timestamp, Duration, FieldMask
    kFree,        // anything: google.protobuf.Value
    kFreeObject,  // google.protobuf.Struct
    kFreeList,    // google.protobuf.ListValue
    kForbidden,   // nothing: google.protobuf.Any
    kIgnored,     // anything; the place was refused already
  };

  Rule rule = Rule::kIgnored;
  const google::protobuf::Descriptor* type = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::string name;       // "keys[0].kid", for violations
  bool nullable = false;  // null stands for an absent field
};

// The place of a field.
JsonSlot SlotOfField(const google::protobuf::FieldDescriptor& field, std::string name);
// The place of one element of a repeated field, or one value of a map.
JsonSlot SlotOfElement(const google::protobuf::FieldDescriptor& field, std::string name);
// The place of a message.
JsonSlot SlotOfMessage(const google::protobuf::Descriptor& type, std::string name);

// Whether null is a value of the place, rather than an absent one.
bool TakesNull(const JsonSlot& slot);

// What belongs into the place: "must be an array".
absl::string_view Expectation(const JsonSlot& slot);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_JSON_SLOT_H_
