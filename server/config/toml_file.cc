// The only file that includes toml++, which is used header-only and without exceptions.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/config/settings.h"

namespace otpgate::config {
namespace {

// toml++ uses std::string_view, which is not Abseil's string_view here.
std::string Name(const toml::key& key) { return std::string(key.str()); }

std::optional<std::vector<std::string>> Strings(const toml::node& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> strings;
  for (const toml::node& entry : *array) {
    const std::optional<std::string> text = entry.value_exact<std::string>();
    // A comma would split the entry, because a list is parsed from one text.
    if (!text || text->find(',') != std::string::npos) return std::nullopt;
    strings.push_back(*text);
  }
  return strings;
}

// The text of the node's value; none if its TOML type is not that of the field.
std::optional<std::string> Text(const Field& field, const toml::node& node) {
  if (std::holds_alternative<BoolField>(field)) {
    const std::optional<bool> value = node.value_exact<bool>();
    if (!value) return std::nullopt;
    return *value ? "true" : "false";
  }
  if (std::holds_alternative<IntField>(field)) {
    const std::optional<int64_t> value = node.value_exact<int64_t>();
    if (!value) return std::nullopt;
    return absl::StrCat(*value);
  }
  if (std::holds_alternative<ListField>(field)) {
    const auto strings = Strings(node);
    if (!strings) return std::nullopt;
    return absl::StrJoin(*strings, ",");
  }
  return node.value_exact<std::string>();
}

absl::string_view TypeName(const Field& field) {
  if (std::holds_alternative<BoolField>(field)) return "true or false";
  if (std::holds_alternative<IntField>(field)) return "a whole number without quotes";
  if (std::holds_alternative<ListField>(field)) return "a list of quoted texts without commas";
  return "a quoted text";
}

class Reader {
 public:
  explicit Reader(absl::string_view path) : path_(path) {}

  void Read(const toml::table& root) {
    for (const auto& [key, node] : root) {
      if (key.str() == "clients") {
        ReadCallers(node);
      } else if (const toml::table* section = node.as_table()) {
        for (const auto& [leaf, value] : *section) {
          ReadValue(absl::StrCat(Name(key), ".", Name(leaf)), value);
        }
      } else {
        ReadValue(Name(key), node);
      }
    }
  }

  void Problem(const toml::source_region& region, absl::string_view text) {
    settings_.problems.push_back(absl::StrCat(Source(region), ": ", text));
  }

  Settings Take() { return std::move(settings_); }

 private:
  std::string Source(const toml::source_region& region) const {
    return absl::StrCat("file ", path_, ":", region.begin.line);
  }

  void ReadValue(const std::string& name, const toml::node& node) {
    const Key* key = FindKey(name);
    if (key == nullptr) return Unknown(name, node);
    if (const std::optional<std::string> text = Text(key->field, node)) {
      settings_.values.push_back({key, *text, Source(node.source())});
    } else {
      Problem(node.source(), absl::StrCat(name, " must be ", TypeName(key->field)));
    }
  }

  void Unknown(absl::string_view name, const toml::node& node) {
    std::vector<std::string> names;
    for (const Key& key : AllKeys()) names.emplace_back(key.name);
    Problem(node.source(), absl::StrCat(name, ": no such key", DidYouMean(name, names)));
  }

  void ReadCallers(const toml::node& node) {
    const toml::array* array = node.as_array();
    if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
      if (array != nullptr && array->empty()) return;
      return Problem(node.source(), "clients must be written as [[clients]] tables");
    }
    for (const toml::node& entry : *array) ReadCaller(*entry.as_table());
  }

  void ReadCaller(const toml::table& table) {
    const std::string prefix = absl::StrCat("clients[", settings_.callers.size(), "].");
    CallerConfig& caller = settings_.callers.emplace_back();
    for (const auto& [key, node] : table) {
      const std::string name = prefix + Name(key);
      if (key.str() == "id") {
        Store(name, node, node.value_exact<std::string>(), "a quoted text", caller.id);
      } else if (key.str() == "secret_mac_file") {
        Store(name, node, node.value_exact<std::string>(), "a quoted text", caller.secret_mac_file);
      } else if (key.str() == "san") {
        Store(name, node, node.value_exact<std::string>(), "a quoted text", caller.san);
      } else if (key.str() == "methods") {
        Store(name, node, Strings(node), "a list of quoted texts", caller.methods);
      } else if (key.str() == "may_forward_client_ip") {
        Store(name, node, node.value_exact<bool>(), "true or false", caller.may_forward_client_ip);
      } else {
        Problem(node.source(),
                absl::StrCat(name, ": no such key",
                             DidYouMean(Name(key), {"id", "secret_mac_file", "san", "methods",
                                                    "may_forward_client_ip"})));
      }
    }
  }

  template <class T>
  void Store(absl::string_view name, const toml::node& node, std::optional<T> value,
             absl::string_view type, T& place) {
    if (value) {
      place = *std::move(value);
    } else {
      Problem(node.source(), absl::StrCat(name, " must be ", type));
    }
  }

  const std::string path_;
  Settings settings_;
};

}  // namespace

Settings FromToml(absl::string_view text, absl::string_view path) {
  Reader reader(path);
  const toml::parse_result parsed = toml::parse(std::string_view(text.data(), text.size()));
  if (parsed) {
    reader.Read(parsed.table());
  } else {
    const std::string_view what = parsed.error().description();
    reader.Problem(parsed.error().source(), absl::string_view(what.data(), what.size()));
  }
  return reader.Take();
}

}  // namespace otpgate::config
