#include "clients/gateway/openapi/schemas.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "clients/gateway/openapi/comments.h"
#include "clients/gateway/openapi/json_types.h"
#include "otpgate/v1/options.pb.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;
using nlohmann::ordered_json;

// Adds the full names of the message and of all that it holds.
void Collect(const Descriptor& message, std::set<std::string>& names) {
  if (!names.insert(message.full_name()).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->message_type() != nullptr) {
      Collect(*message.field(i)->message_type(), names);
    }
  }
}

ordered_json Reference(const std::string& name) {
  return {{"$ref", absl::StrCat("#/components/schemas/", name)}};
}

void Describe(ordered_json& schema, const std::string& text) {
  if (!text.empty()) schema["description"] = text;
}

// What a oneof means, which the keywords of JSON Schema would say less clearly.
std::string OneofText(const OneofDescriptor& oneof) {
  std::vector<std::string> names;
  for (int i = 0; i < oneof.field_count(); ++i) {
    names.push_back(absl::StrCat("`", oneof.field(i)->json_name(), "`"));
  }
  const std::string comment = OneLine(CommentOf(oneof));
  return absl::StrCat("At most one of ", absl::StrJoin(names, ", "), " is set.",
                      comment.empty() ? "" : " ", comment);
}

std::string MessageText(const Descriptor& message) {
  std::string text = CommentOf(message);
  for (int i = 0; i < message.real_oneof_decl_count(); ++i) {
    text = Paragraphs(text, OneofText(*message.oneof_decl(i)));
  }
  return text;
}

bool IsAlwaysWritten(const FieldDescriptor& field) {
  return field.is_repeated() ||
         (field.message_type() == nullptr && field.containing_oneof() == nullptr);
}

bool IsRequired(const FieldDescriptor& field, Direction direction) {
  return direction == Direction::kRequest ? SaysRequired(CommentOf(field)) : IsAlwaysWritten(field);
}

}  // namespace

Schemas::Schemas(absl::Span<const Binding> bindings, const std::vector<std::string>& reserved) {
  for (const Binding& binding : bindings) {
    Collect(*binding.method->output_type(), in_responses_);
  }
  for (const std::string& name : reserved) owners_[name] = "";
}

template <class AnyDescriptor>
std::string Schemas::NameFor(const AnyDescriptor& type, const char* suffix) {
  const std::string& full = type.full_name();
  const std::string& package = type.file()->package();
  std::string name = absl::StrCat(package.empty() ? full : full.substr(package.size() + 1), suffix);
  std::string owner = absl::StrCat(full, suffix);
  const auto [place, is_new] = owners_.emplace(name, owner);
  return is_new || place->second == owner ? name : owner;
}

ordered_json Schemas::Message(const Descriptor& message, Direction direction) {
  if (auto schema = WellKnownSchema(message)) return *std::move(schema);
  const bool both =
      direction == Direction::kRequest && in_responses_.count(message.full_name()) > 0;
  const std::string name = NameFor(message, both ? "Input" : "");
  // The empty schema stands in while a message that contains itself is described.
  if (all_.emplace(name, ordered_json()).second) all_[name] = Object(message, direction);
  return Reference(name);
}

ordered_json Schemas::Object(const Descriptor& message, Direction direction,
                             const std::vector<std::string>& without) {
  ordered_json schema{{"type", "object"}};
  Describe(schema, MessageText(message));
  ordered_json required = ordered_json::array();
  ordered_json properties = ordered_json::object();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (std::count(without.begin(), without.end(), field.name()) > 0) continue;
    properties[field.json_name()] = Field(field, direction);
    if (IsRequired(field, direction)) required.push_back(field.json_name());
  }
  if (!required.empty()) schema["required"] = std::move(required);
  if (!properties.empty()) schema["properties"] = std::move(properties);
  if (direction == Direction::kRequest) schema["additionalProperties"] = false;
  return schema;
}

ordered_json Schemas::Field(const FieldDescriptor& field, Direction direction) {
  ordered_json schema = Value(field, direction);
  Describe(schema, CommentOf(field));
  if (field.options().deprecated()) schema["deprecated"] = true;
  return schema;
}

ordered_json Schemas::Value(const FieldDescriptor& field, Direction direction) {
  if (field.is_map()) {
    return {{"type", "object"},
            {"additionalProperties", Element(*field.message_type()->map_value(), direction)}};
  }
  ordered_json element = Element(field, direction);
  if (!field.is_repeated()) return element;
  return {{"type", "array"}, {"items", std::move(element)}};
}

ordered_json Schemas::Element(const FieldDescriptor& field, Direction direction) {
  if (field.message_type() != nullptr) return Message(*field.message_type(), direction);
  if (field.enum_type() != nullptr) return Enum(*field.enum_type());
  ordered_json schema = ScalarSchema(field.type());
  if (direction == Direction::kRequest && field.type() == FieldDescriptor::TYPE_STRING &&
      field.options().GetExtension(v1::secret)) {
    schema["format"] = "password";
  }
  return schema;
}

ordered_json Schemas::Enum(const EnumDescriptor& type) {
  if (type.full_name() == "google.protobuf.NullValue") return {{"type", "null"}};
  const std::string name = NameFor(type, "");
  ordered_json& schema = all_[name];
  if (!schema.is_null()) return Reference(name);
  schema["type"] = "string";
  Describe(schema, Paragraphs(CommentOf(type), ValueList(type)));
  for (int i = 0; i < type.value_count(); ++i) schema["enum"].push_back(type.value(i)->name());
  return Reference(name);
}

std::string ValueList(const EnumDescriptor& type, const std::string& prefix) {
  std::vector<std::string> lines;
  for (int i = 0; i < type.value_count(); ++i) {
    const absl::string_view name = absl::StripPrefix(type.value(i)->name(), prefix);
    const std::string text = OneLine(CommentOf(*type.value(i)));
    lines.push_back(absl::StrCat("* `", name, "`", text.empty() ? "" : ": ", text));
  }
  return absl::StrJoin(lines, "\n");
}

}  // namespace otpgate::gateway
