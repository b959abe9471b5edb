#include "clients/gateway/transcode/json_slot.h"

#include <utility>

#include "clients/gateway/transcode/scalar_text.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Rule = JsonSlot::Rule;

// The messages whose JSON is not that of their fields (wrappers excepted).
Rule RuleOfMessage(const Descriptor& type) {
  switch (type.well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
    case Descriptor::WELLKNOWNTYPE_DURATION:
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return Rule::kText;
    case Descriptor::WELLKNOWNTYPE_VALUE:
      return Rule::kFree;
    case Descriptor::WELLKNOWNTYPE_STRUCT:
      return Rule::kFreeObject;
    case Descriptor::WELLKNOWNTYPE_LISTVALUE:
      return Rule::kFreeList;
    case Descriptor::WELLKNOWNTYPE_ANY:
      return Rule::kForbidden;
    default:
      return Rule::kMessage;
  }
}

bool IsWrapper(const Descriptor& type) {
  switch (type.well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_DOUBLEVALUE:
    case Descriptor::WELLKNOWNTYPE_FLOATVALUE:
    case Descriptor::WELLKNOWNTYPE_INT64VALUE:
    case Descriptor::WELLKNOWNTYPE_UINT64VALUE:
    case Descriptor::WELLKNOWNTYPE_INT32VALUE:
    case Descriptor::WELLKNOWNTYPE_UINT32VALUE:
    case Descriptor::WELLKNOWNTYPE_STRINGVALUE:
    case Descriptor::WELLKNOWNTYPE_BYTESVALUE:
    case Descriptor::WELLKNOWNTYPE_BOOLVALUE:
      return true;
    default:
      return false;
  }
}

}  // namespace

JsonSlot SlotOfMessage(const Descriptor& type, std::string name) {
  JsonSlot slot{RuleOfMessage(type), &type, nullptr, std::move(name), false};
  if (IsWrapper(type)) {
    slot.rule = Rule::kScalar;
    slot.field = type.field(0);
  }
  return slot;
}

JsonSlot SlotOfElement(const FieldDescriptor& field, std::string name) {
  if (field.message_type() != nullptr) return SlotOfMessage(*field.message_type(), std::move(name));
  return {Rule::kScalar, nullptr, &field, std::move(name), false};
}

JsonSlot SlotOfField(const FieldDescriptor& field, std::string name) {
  JsonSlot slot;
  if (field.is_map()) {
    slot = {Rule::kMap, nullptr, &field, std::move(name), true};
  } else if (field.is_repeated()) {
    slot = {Rule::kList, nullptr, &field, std::move(name), true};
  } else {
    slot = SlotOfElement(field, std::move(name));
  }
  slot.nullable = true;
  return slot;
}

bool TakesNull(const JsonSlot& slot) {
  return slot.rule == Rule::kFree ||
         (slot.rule == Rule::kScalar && slot.field->enum_type() != nullptr &&
          slot.field->enum_type()->full_name() == "google.protobuf.NullValue");
}

absl::string_view Expectation(const JsonSlot& slot) {
  switch (slot.rule) {
    case Rule::kScalar:
      return Expectation(*slot.field);
    case Rule::kText:
      return "must be a string";
    case Rule::kList:
    case Rule::kFreeList:
      return "must be an array";
    case Rule::kForbidden:
      return "cannot be set in JSON";
    default:
      return "must be an object";
  }
}

}  // namespace otpgate::gateway
