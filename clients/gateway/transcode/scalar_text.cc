#include "clients/gateway/transcode/scalar_text.h"

#include <utf8.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

bool IsDecimal(absl::string_view text) {
  absl::ConsumePrefix(&text, "-");
  return AllDigits(text) && (text.size() == 1 || text[0] != '0');
}

// The grammar of numbers of RFC 8259, 6.
bool IsJsonNumber(absl::string_view text) {
  const size_t end_of_integer = std::min(text.find_first_of(".eE"), text.size());
  if (!IsDecimal(text.substr(0, end_of_integer))) return false;
  text.remove_prefix(end_of_integer);
  if (absl::ConsumePrefix(&text, ".")) {
    const size_t end_of_fraction = std::min(text.find_first_of("eE"), text.size());
    if (!AllDigits(text.substr(0, end_of_fraction))) return false;
    text.remove_prefix(end_of_fraction);
  }
  if (text.empty()) return true;
  text.remove_prefix(1);
  if (!absl::ConsumePrefix(&text, "-")) absl::ConsumePrefix(&text, "+");
  return AllDigits(text);
}

template <class Integer>
bool IsIn(absl::string_view text) {
  Integer value = 0;
  return absl::SimpleAtoi(text, &value);
}

}  // namespace

absl::string_view Expectation(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return "must be an integer of 32 bits";
    case FieldDescriptor::CPPTYPE_UINT32:
      return "must be an unsigned integer of 32 bits";
    case FieldDescriptor::CPPTYPE_INT64:
      return "must be an integer of 64 bits, in quotes if beyond 2^53";
    case FieldDescriptor::CPPTYPE_UINT64:
      return "must be an unsigned integer of 64 bits, in quotes if beyond 2^53";
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return "must be a number in range";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "must be true or false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return "must be the name or number of a value of its enum";
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? "must be base64" : "must be a string";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return "must be an object";
}

bool IsIntegerText(absl::string_view text, CppType type) {
  if (!IsDecimal(text)) return false;
  switch (type) {
    case FieldDescriptor::CPPTYPE_INT32:
      return IsIn<int32_t>(text);
    case FieldDescriptor::CPPTYPE_INT64:
      return IsIn<int64_t>(text);
    case FieldDescriptor::CPPTYPE_UINT32:
      return text[0] != '-' && IsIn<uint32_t>(text);
    case FieldDescriptor::CPPTYPE_UINT64:
      return text[0] != '-' && IsIn<uint64_t>(text);
    default:
      return false;
  }
}

bool IsFloatText(absl::string_view text, CppType type) {
  const bool narrow = type == FieldDescriptor::CPPTYPE_FLOAT;
  if (!narrow && type != FieldDescriptor::CPPTYPE_DOUBLE) return false;
  if (text == "NaN" || text == "Infinity" || text == "-Infinity") return true;
  double value = 0;
  if (!IsJsonNumber(text) || !absl::SimpleAtod(text, &value)) return false;
  return narrow ? std::abs(value) <= std::numeric_limits<float>::max() : std::isfinite(value);
}

std::optional<std::string> DecodeBytesText(absl::string_view text) {
  std::string bytes;
  if (absl::WebSafeBase64Unescape(text, &bytes) || absl::Base64Unescape(text, &bytes)) return bytes;
  return std::nullopt;
}

const EnumValueDescriptor* FindEnumValue(const EnumDescriptor& type, absl::string_view text) {
  int number = 0;
  if (IsDecimal(text) && absl::SimpleAtoi(text, &number)) return type.FindValueByNumber(number);
  return type.FindValueByName(std::string(text));
}

bool IsScalarText(const FieldDescriptor& field, absl::string_view text) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return text == "true" || text == "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return FindEnumValue(*field.enum_type(), text) != nullptr;
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? DecodeBytesText(text).has_value()
                                                         : utf8::is_valid(text.begin(), text.end());
    default:
      return IsIntegerText(text, field.cpp_type()) || IsFloatText(text, field.cpp_type());
  }
}

}  // namespace otpgate::gateway
