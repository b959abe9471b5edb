#include "server/validation/redact/redact.h"

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "otpgate/v1/options.pb.h"
#include "server/runtime/mask.h"

namespace otpgate {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
// Keeps the order of the fields.
using Json = ::nlohmann::ordered_json;

constexpr size_t kMaxTextBytes = 64;

Json RedactedMessage(const Message& message);

Json RedactedText(const FieldDescriptor& field, const std::string& text) {
  if (field.options().GetExtension(v1::personal)) return MaskIdentifier(text);
  if (field.type() == FieldDescriptor::TYPE_BYTES) return absl::StrCat("[", text.size(), " bytes]");
  return text.substr(0, kMaxTextBytes);
}

// `index` counts in repeated fields; it is ignored for others.
Json RedactedValue(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection& get = *message.GetReflection();
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return RedactedText(*field, many ? get.GetRepeatedString(message, field, index)
                                       : get.GetString(message, field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return RedactedMessage(many ? get.GetRepeatedMessage(message, field, index)
                                  : get.GetMessage(message, field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return (many ? get.GetRepeatedEnum(message, field, index) : get.GetEnum(message, field))
          ->name();
    case FieldDescriptor::CPPTYPE_BOOL:
      return many ? get.GetRepeatedBool(message, field, index) : get.GetBool(message, field);
    case FieldDescriptor::CPPTYPE_INT32:
      return many ? get.GetRepeatedInt32(message, field, index) : get.GetInt32(message, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return many ? get.GetRepeatedInt64(message, field, index) : get.GetInt64(message, field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return many ? get.GetRepeatedUInt32(message, field, index) : get.GetUInt32(message, field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return many ? get.GetRepeatedUInt64(message, field, index) : get.GetUInt64(message, field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return many ? get.GetRepeatedFloat(message, field, index) : get.GetFloat(message, field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return many ? get.GetRepeatedDouble(message, field, index) : get.GetDouble(message, field);
  }
  return nullptr;
}

Json RedactedField(const Message& message, const FieldDescriptor* field) {
  if (field->options().GetExtension(v1::secret)) return "[secret]";
  if (!field->is_repeated()) return RedactedValue(message, field, 0);
  Json values = Json::array();
  const int size = message.GetReflection()->FieldSize(message, field);
  for (int i = 0; i < size; ++i) values.push_back(RedactedValue(message, field, i));
  return values;
}

Json RedactedMessage(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  Json object = Json::object();
  for (const FieldDescriptor* field : fields) {
    object[field->name()] = RedactedField(message, field);
  }
  return object;
}

}  // namespace

std::string Redacted(const Message& message) {
  return RedactedMessage(message).dump(-1, ' ', /*ensure_ascii=*/true,
                                       Json::error_handler_t::replace);
}

}  // namespace otpgate
