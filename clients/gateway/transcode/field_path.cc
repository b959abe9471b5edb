#include "clients/gateway/transcode/field_path.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/gateway/transcode/scalar_text.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;

// Another member of the oneof that `field` belongs to is set.
bool Collides(const Message& message, const FieldDescriptor& field) {
  const OneofDescriptor* oneof = field.real_containing_oneof();
  const Reflection& reflection = *message.GetReflection();
  return oneof != nullptr && reflection.HasOneof(message, oneof) &&
         reflection.GetOneofFieldDescriptor(message, oneof) != &field;
}

absl::Status Collision(const FieldDescriptor& field) {
  return absl::InvalidArgumentError(
      absl::StrCat("excludes the other members of ", field.containing_oneof()->name()));
}

// A number that IsScalarText has accepted.
template <class Number>
Number Parsed(absl::string_view text) {
  Number value = 0;
  (void)absl::SimpleAtoi(text, &value);
  return value;
}

double ParsedDouble(absl::string_view text) {
  double value = 0;
  (void)absl::SimpleAtod(text, &value);
  return value;
}

// Writes the value of a field: sets a singular one, adds to a repeated one.
class Writer {
 public:
  Writer(Message& message, const FieldDescriptor& field)
      : message_(&message), field_(&field), reflection_(message.GetReflection()) {}

  // `text` is a value of the field (IsScalarText).
  void Write(absl::string_view text) {
    switch (field_->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return Put(&Reflection::SetInt32, &Reflection::AddInt32, Parsed<int32_t>(text));
      case FieldDescriptor::CPPTYPE_INT64:
        return Put(&Reflection::SetInt64, &Reflection::AddInt64, Parsed<int64_t>(text));
      case FieldDescriptor::CPPTYPE_UINT32:
        return Put(&Reflection::SetUInt32, &Reflection::AddUInt32, Parsed<uint32_t>(text));
      case FieldDescriptor::CPPTYPE_UINT64:
        return Put(&Reflection::SetUInt64, &Reflection::AddUInt64, Parsed<uint64_t>(text));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return Put(&Reflection::SetFloat, &Reflection::AddFloat,
                   static_cast<float>(ParsedDouble(text)));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return Put(&Reflection::SetDouble, &Reflection::AddDouble, ParsedDouble(text));
      case FieldDescriptor::CPPTYPE_BOOL:
        return Put(&Reflection::SetBool, &Reflection::AddBool, text == "true");
      case FieldDescriptor::CPPTYPE_ENUM:
        return Put(&Reflection::SetEnum, &Reflection::AddEnum,
                   FindEnumValue(*field_->enum_type(), text));
      case FieldDescriptor::CPPTYPE_STRING:
        return Put(&Reflection::SetString, &Reflection::AddString,
                   field_->type() == FieldDescriptor::TYPE_BYTES
                       ? DecodeBytesText(text).value_or("")
                       : std::string(text));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return;  // ResolveFieldPath leads to none
    }
  }

 private:
  template <class Set, class Add, class Value>
  void Put(Set set, Add add, Value value) {
    if (field_->is_repeated()) {
      (reflection_->*add)(message_, field_, std::move(value));
    } else {
      (reflection_->*set)(message_, field_, std::move(value));
    }
  }

  Message* const message_;
  const FieldDescriptor* const field_;
  const Reflection* const reflection_;
};

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

}  // namespace

const FieldDescriptor* FindField(const Descriptor& type, absl::string_view name) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->name() == name || field->json_name() == name) return field;
  }
  return nullptr;
}

std::string ShownName(absl::string_view name) {
  constexpr size_t kLongest = 64;
  const bool plausible =
      !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
        return absl::ascii_isalnum(c) || c == '_' || c == '.';
      });
  return plausible ? std::string(name) : "(unknown)";
}

absl::StatusOr<FieldPath> ResolveFieldPath(const Descriptor& type, absl::string_view dotted) {
  FieldPath path;
  const Descriptor* within = &type;
  for (absl::string_view name : absl::StrSplit(dotted, '.')) {
    if (!path.steps.empty() && path.leaf().is_repeated()) {
      return absl::InvalidArgumentError("lies within a repeated field");
    }
    const bool ends = within == nullptr || path.steps.size() == kMaxFieldDepth;
    const FieldDescriptor* field = ends ? nullptr : FindField(*within, name);
    if (field == nullptr) return absl::NotFoundError("is not a field of the request");
    absl::StrAppend(&path.name, path.name.empty() ? "" : ".", field->name());
    path.steps.push_back(field);
    within = field->message_type();
  }
  if (IsMessage(path.leaf())) return absl::InvalidArgumentError("is a message, not a value");
  return path;
}

absl::Status SetFromText(const FieldPath& path, absl::string_view text, Message& root) {
  if (!IsScalarText(path.leaf(), text)) return absl::InvalidArgumentError(Expectation(path.leaf()));
  Message* message = &root;
  for (size_t i = 0; i + 1 < path.steps.size(); ++i) {
    if (Collides(*message, *path.steps[i])) return Collision(*path.steps[i]);
    message = message->GetReflection()->MutableMessage(message, path.steps[i]);
  }
  if (Collides(*message, path.leaf())) return Collision(path.leaf());
  Writer(*message, path.leaf()).Write(text);
  return absl::OkStatus();
}

bool IsWithin(absl::string_view inner, absl::string_view outer) {
  return absl::StartsWith(inner, outer) &&
         (inner.size() == outer.size() || inner[outer.size()] == '.');
}

}  // namespace otpgate::gateway
