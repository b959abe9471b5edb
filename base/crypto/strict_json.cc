#include "base/crypto/strict_json.h"

#include <set>
#include <utility>

#include "absl/strings/match.h"

namespace otpgate::crypto {
namespace {

using nlohmann::json;

constexpr int kDepthMax = 8;

// Follows the parser and records which member names each open object has had.
class MemberWatch {
 public:
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    using Event = json::parse_event_t;
    if (depth >= kDepthMax) fine_ = false;
    if (event == Event::object_start) names_.emplace_back();
    if (event == Event::object_end) names_.pop_back();
    if (event == Event::key) fine_ &= names_.back().insert(parsed.get<std::string>()).second;
    return true;
  }
  bool fine() const { return fine_; }

 private:
  std::vector<std::set<std::string>> names_;
  bool fine_ = true;
};

}  // namespace

std::optional<json> ParseStrictObject(absl::string_view text) {
  if (absl::StartsWith(text, "\xef\xbb\xbf")) return std::nullopt;  // the parser would skip it
  if (absl::StrContains(text, '\0')) return std::nullopt;  // the parser would take it for the end
  MemberWatch watch;
  json parsed = json::parse(
      text.begin(), text.end(),
      [&watch](int depth, json::parse_event_t event, json& value) {
        return watch(depth, event, value);
      },
      /*allow_exceptions=*/false);
  if (!watch.fine() || !parsed.is_object()) return std::nullopt;
  return parsed;
}

std::optional<std::string> GetString(const json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_string()) return std::nullopt;
  return member->get<std::string>();
}

std::optional<uint64_t> GetUint(const json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_number_unsigned()) return std::nullopt;
  return member->get<uint64_t>();
}

std::optional<std::vector<std::string>> GetStrings(const json& object, const char* name) {
  if (auto one = GetString(object, name)) return std::vector<std::string>{*std::move(one)};
  const auto member = object.find(name);
  if (member == object.end() || !member->is_array()) return std::nullopt;
  std::vector<std::string> strings;
  for (const json& element : *member) {
    if (!element.is_string()) return std::nullopt;
    strings.push_back(element.get<std::string>());
  }
  return strings;
}

}  // namespace otpgate::crypto
