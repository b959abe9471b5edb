#include "clients/gateway/transcode/strict_json.h"

#include <utf8.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/gateway/transcode/field_path.h"
#include "clients/gateway/transcode/json_slot.h"
#include "clients/gateway/transcode/scalar_text.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;
using nlohmann::json;
using Rule = JsonSlot::Rule;

// An object or array that has begun and not ended.
struct OpenValue {
  JsonSlot slot;
  JsonSlot member;                               // objects: the place of the value that comes next
  const FieldDescriptor* field = nullptr;        // messages: the field of that value
  size_t elements = 0;                           // arrays
  absl::flat_hash_set<std::string> keys;         // maps and free objects
  absl::flat_hash_set<const void*> descriptors;  // messages: fields and oneofs that were set
};

// Follows the parser and compares each value with the place it stands at. Its functions with small
// letters are nlohmann's SAX interface; they return whether to go on.
class JsonScan {
 public:
  JsonScan(JsonSlot root, absl::Span<const std::string> bound, UnknownMembers unknown)
      : root_(std::move(root)), bound_(bound), unknown_(unknown) {}

  std::vector<Violation> Take() { return std::move(violations_); }

  bool null() {
    const JsonSlot slot = Next();
    if (TakesNull(slot)) {
      Occupy(slot);
    } else if (slot.rule != Rule::kIgnored && !slot.nullable) {
      Refuse(slot.name, "must not be null");
    }
    return GoesOn();
  }

  bool boolean(bool) {
    const JsonSlot slot = NextValue();
    Judge(slot,
          slot.rule == Rule::kScalar && slot.field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL);
    return GoesOn();
  }

  bool number_integer(json::number_integer_t value) {
    constexpr int64_t kSafe = int64_t{1} << 53;
    return Number(absl::StrCat(value), -kSafe < value && value < kSafe);
  }

  bool number_unsigned(json::number_unsigned_t value) {
    constexpr uint64_t kSafe = uint64_t{1} << 53;
    return Number(absl::StrCat(value), value < kSafe);
  }

  bool number_float(json::number_float_t, const std::string& text) {
    return Number(text, /*safe=*/false);
  }

  bool string(std::string& text) {
    const JsonSlot slot = NextValue();
    Judge(slot, slot.rule == Rule::kText ||
                    (slot.rule == Rule::kScalar && FitsString(*slot.field, text)));
    return GoesOn();
  }

  bool binary(json::binary_t&) { return false; }  // not in JSON

  bool start_object(size_t) {
    JsonSlot slot = NextValue();
    const bool fits =
        slot.rule == Rule::kMessage || slot.rule == Rule::kMap || slot.rule == Rule::kFreeObject;
    return Open(std::move(slot), fits);
  }

  bool key(std::string& name) {
    OpenValue& open = open_.back();
    switch (open.slot.rule) {
      case Rule::kMessage:
        open.member = Member(open, name);
        break;
      case Rule::kMap:
        open.member = MapValue(open, name);
        break;
      default:
        if (open.slot.rule == Rule::kFree) NoteKey(open, name);
    }
    return GoesOn();
  }

  bool end_object() { return Close(); }

  bool start_array(size_t) {
    JsonSlot slot = NextValue();
    const bool fits = slot.rule == Rule::kList || slot.rule == Rule::kFreeList;
    return Open(std::move(slot), fits);
  }

  bool end_array() { return Close(); }

  bool parse_error(size_t position, const std::string&, const json::exception& error) {
    constexpr int kNumberOverflow = 406;  // of nlohmann: grammar, but beyond the range of double
    if (error.id == kNumberOverflow) {
      Refuse(Next().name, "is a number out of range");
    } else {
      violations_ = {{"body", absl::StrCat("is not JSON (RFC 8259) at byte ", position)}};
    }
    return false;
  }

 private:
  void Refuse(absl::string_view name, absl::string_view description) {
    violations_.push_back({std::string(name.empty() ? "body" : name), std::string(description)});
  }

  bool GoesOn() const { return violations_.size() < kMaxViolations; }

  // The place of the value that comes now.
  JsonSlot Next() {
    if (open_.empty()) return root_;
    OpenValue& open = open_.back();
    if (open.slot.rule == Rule::kList) {
      return SlotOfElement(*open.slot.field,
                           absl::StrCat(open.slot.name, "[", open.elements++, "]"));
    }
    return std::exchange(open.member, Within(open.slot));
  }

  // The place of what stands within a free or ignored value.
  static JsonSlot Within(const JsonSlot& slot) {
    return {slot.rule, nullptr, nullptr, slot.name, false};
  }

  // The same for a value that is not null.
  JsonSlot NextValue() {
    JsonSlot slot = Next();
    Occupy(slot);
    return slot;
  }

  // Two members of one oneof would overwrite each other.
  void Occupy(const JsonSlot& slot) {
    if (open_.empty() || open_.back().field == nullptr) return;
    const OneofDescriptor* oneof = open_.back().field->real_containing_oneof();
    if (oneof == nullptr || open_.back().descriptors.insert(oneof).second) return;
    Refuse(slot.name, absl::StrCat("excludes the other members of ", oneof->name()));
  }

  void Judge(const JsonSlot& slot, bool fits) {
    if (fits || slot.rule == Rule::kFree || slot.rule == Rule::kIgnored) return;
    Refuse(slot.name, Expectation(slot));
  }

  bool Number(const std::string& text, bool safe) {
    const JsonSlot slot = NextValue();
    Judge(slot, slot.rule == Rule::kScalar && FitsNumber(*slot.field, text, safe));
    return GoesOn();
  }

  static bool FitsString(const FieldDescriptor& field, const std::string& text) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return false;
      case FieldDescriptor::CPPTYPE_ENUM:  // a number in quotes is neither a name nor a number
        return field.enum_type()->FindValueByName(text) != nullptr;
      default:
        return IsScalarText(field, text);
    }
  }

  static bool FitsNumber(const FieldDescriptor& field, const std::string& text, bool safe) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
      case FieldDescriptor::CPPTYPE_STRING:
        return false;
      case FieldDescriptor::CPPTYPE_INT64:
      case FieldDescriptor::CPPTYPE_UINT64:
        return safe && IsScalarText(field, text);
      default:
        return IsScalarText(field, text);
    }
  }

  bool Open(JsonSlot slot, bool fits) {
    Judge(slot, fits);
    if (open_.size() == kMaxJsonLevels) {
      violations_ = {
          {"body", absl::StrCat("must not be nested deeper than ", kMaxJsonLevels, " levels")}};
      return false;
    }
    if (slot.rule == Rule::kFreeObject || slot.rule == Rule::kFreeList) {
      slot.rule = fits ? Rule::kFree : Rule::kIgnored;
    } else if (!fits && slot.rule != Rule::kFree) {
      slot.rule = Rule::kIgnored;
    }
    OpenValue open;
    open.member = Within(slot);
    open.slot = std::move(slot);
    open_.push_back(std::move(open));
    return GoesOn();
  }

  bool Close() {
    open_.pop_back();
    return GoesOn();
  }

  // The place of a member of a message; an ignored one after a refusal.
  JsonSlot Member(OpenValue& open, const std::string& key) {
    const std::string prefix = open.slot.name.empty() ? "" : absl::StrCat(open.slot.name, ".");
    const FieldDescriptor* field = FindField(*open.slot.type, key);
    open.field = nullptr;
    if (field == nullptr) {
      if (unknown_ == UnknownMembers::kIgnored) return {};
      Refuse(prefix + ShownName(key), "is not a field of the request");
      return {};
    }
    std::string name = prefix + field->name();
    if (!open.descriptors.insert(field).second) {
      Refuse(name, "must not come twice");
      return {};
    }
    if (std::find(bound_.begin(), bound_.end(), name) != bound_.end()) {
      Refuse(name, "is set by the path");
      return {};
    }
    open.field = field;
    return SlotOfField(*field, std::move(name));
  }

  JsonSlot MapValue(OpenValue& open, const std::string& key) {
    const Descriptor& entry = *open.slot.field->message_type();
    if (!IsScalarText(*entry.map_key(), key)) {
      Refuse(open.slot.name, absl::StrCat("has a key that ", Expectation(*entry.map_key())));
      return {};
    }
    if (!NoteKey(open, key == "-0" ? "0" : key)) return {};
    return SlotOfElement(*entry.map_value(), absl::StrCat(open.slot.name, "[]"));
  }

  bool NoteKey(OpenValue& open, const std::string& key) {
    const bool added = open.keys.insert(key).second;
    if (!added) Refuse(open.slot.name, "must not have a key twice");
    return added;
  }

  const JsonSlot root_;
  const absl::Span<const std::string> bound_;
  const UnknownMembers unknown_;
  std::vector<OpenValue> open_;
  std::vector<Violation> violations_;
};

// What the parser would let pass: it skips a byte order mark and stops at NUL.
std::vector<Violation> CheckBytes(absl::string_view text) {
  if (!utf8::is_valid(text.begin(), text.end())) return {{"body", "must be UTF-8"}};
  if (absl::StartsWith(text, "\xef\xbb\xbf")) {
    return {{"body", "must not begin with a byte order mark"}};
  }
  if (absl::StrContains(text, '\0')) return {{"body", "must not contain NUL"}};
  return {};
}

std::vector<Violation> Scan(absl::string_view text, JsonSlot root,
                            absl::Span<const std::string> bound, UnknownMembers unknown) {
  if (std::vector<Violation> violations = CheckBytes(text); !violations.empty()) return violations;
  JsonScan scan(std::move(root), bound, unknown);
  json::sax_parse(text.begin(), text.end(), &scan);
  return scan.Take();
}

}  // namespace

std::vector<Violation> CheckJson(absl::string_view text, const Descriptor& type,
                                 absl::Span<const std::string> bound, UnknownMembers unknown) {
  return Scan(text, SlotOfMessage(type, ""), bound, unknown);
}

std::vector<Violation> CheckJsonValue(absl::string_view text, const FieldDescriptor& field) {
  JsonSlot root = SlotOfField(field, field.name());
  root.nullable = false;
  return Scan(text, std::move(root), {}, UnknownMembers::kRefused);
}

}  // namespace otpgate::gateway
