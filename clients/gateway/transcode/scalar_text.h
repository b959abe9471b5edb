#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_SCALAR_TEXT_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_SCALAR_TEXT_H_

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

// Values of scalar fields as text, in the forms of the proto3 JSON mapping. JSON bodies, query
// parameters and path variables share them. Functions of their arguments, safe on any thread.
namespace otpgate::gateway {

using CppType = google::protobuf::FieldDescriptor::CppType;

// What a value of a scalar or enum field, or of one element of it, must be: "must be a string".
absl::string_view Expectation(const google::protobuf::FieldDescriptor& field);

// Whether `text` is decimal ("-12"; no plus, leading zeros, fraction or exponent) and in the range
// of an integer type. False for other types.
bool IsIntegerText(absl::string_view text, CppType type);

// Whether `text` is a finite number in the range of a float or double, or "NaN", "Infinity" or
// "-Infinity". False for other types.
bool IsFloatText(absl::string_view text, CppType type);

// The bytes of base64 or base64url (RFC 4648, 4 and 5), with or without padding; none if it is
// neither.
std::optional<std::string> DecodeBytesText(absl::string_view text);

// The value with this name, or the declared one with this number; null if there is none.
const google::protobuf::EnumValueDescriptor* FindEnumValue(
    const google::protobuf::EnumDescriptor& type, absl::string_view text);

// Whether `text` is a value of a scalar or enum field, or of one element of it.
bool IsScalarText(const google::protobuf::FieldDescriptor& field, absl::string_view text);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_SCALAR_TEXT_H_
