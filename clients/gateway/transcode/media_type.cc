#include "clients/gateway/transcode/media_type.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "clients/gateway/http/grammar.h"

namespace otpgate::gateway {
namespace {

// "text/html;q=0.5", names in small letters. A parameter that comes twice makes it invalid.
struct MediaRange {
  std::string type;  // "text/html"
  std::map<std::string, std::string> parameters;
};

// Cuts at a separator that stands outside of quoted strings.
std::vector<absl::string_view> CutUnquoted(absl::string_view text, char separator) {
  std::vector<absl::string_view> pieces;
  bool quoted = false;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '\\' && quoted) ++i;
    if (i < text.size() && text[i] == separator && !quoted) {
      pieces.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

// The value of a parameter: a token or a quoted string (RFC 9110, 5.6.4).
std::optional<std::string> ParameterValue(absl::string_view text) {
  if (IsToken(text)) return std::string(text);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  std::string value;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\') ++i;
    if (i + 1 == text.size()) return std::nullopt;
    value += text[i];
  }
  return value;
}

std::optional<MediaRange> ParseMediaRange(absl::string_view text) {
  const std::vector<absl::string_view> pieces = CutUnquoted(text, ';');
  MediaRange range{absl::AsciiStrToLower(TrimWhiteSpace(pieces[0])), {}};
  const size_t slash = range.type.find('/');
  if (slash == std::string::npos || !IsToken(range.type.substr(0, slash)) ||
      !IsToken(range.type.substr(slash + 1))) {
    return std::nullopt;
  }
  for (size_t i = 1; i < pieces.size(); ++i) {
    const absl::string_view piece = TrimWhiteSpace(pieces[i]);
    const size_t equals = std::min(piece.find('='), piece.size());
    const std::string name = absl::AsciiStrToLower(piece.substr(0, equals));
    const std::optional<std::string> value =
        equals == piece.size() ? std::nullopt : ParameterValue(piece.substr(equals + 1));
    if (!IsToken(name) || !value || !range.parameters.emplace(name, *value).second) {
      return std::nullopt;
    }
  }
  return range;
}

// The weight of a range: "0.5" or the default 1; none if it is malformed (RFC 9110, 12.4.2).
std::optional<double> WeightOf(const MediaRange& range) {
  const auto q = range.parameters.find("q");
  if (q == range.parameters.end()) return 1;
  const std::string& text = q->second;
  double weight = 0;
  const bool plain = text.size() <= 5 && absl::ascii_isdigit(text.front()) &&
                     text.find_first_not_of("0123456789.") == std::string::npos;
  if (!plain || !absl::SimpleAtod(text, &weight) || weight > 1) return std::nullopt;
  return weight;
}

// What an Accept header says about one type: the weight of the most specific range that has it.
struct Preference {
  int specificity = 0;  // 0: no range, 1: "*/*", 2: "application/*", 3: the type itself
  double weight = 0;
};

void Weigh(const MediaRange& range, double weight, absl::string_view type, Preference& preference) {
  const int specificity = range.type == type              ? 3
                          : range.type == "application/*" ? 2
                          : range.type == "*/*"           ? 1
                                                          : 0;
  if (specificity == 0 || specificity < preference.specificity) return;
  const bool same = specificity == preference.specificity;
  preference = {specificity, same ? std::max(weight, preference.weight) : weight};
}

// Whether a Content-Type is a type in UTF-8, without parameters or with charset=utf-8.
bool IsUtf8Of(absl::string_view content_type, absl::string_view type) {
  const std::optional<MediaRange> range = ParseMediaRange(content_type);
  if (!range || range->type != type) return false;
  return std::all_of(range->parameters.begin(), range->parameters.end(), [](const auto& parameter) {
    return parameter.first == "charset" && absl::AsciiStrToLower(parameter.second) == "utf-8";
  });
}

}  // namespace

bool IsJsonContentType(absl::string_view content_type) {
  return IsUtf8Of(content_type, "application/json");
}

bool IsFormContentType(absl::string_view content_type) {
  return IsUtf8Of(content_type, "application/x-www-form-urlencoded");
}

bool PrefersProblemJson(absl::string_view accept) {
  Preference problem;
  Preference json;
  for (absl::string_view element : CutUnquoted(accept, ',')) {
    const std::optional<MediaRange> range = ParseMediaRange(element);
    const std::optional<double> weight = range ? WeightOf(*range) : std::nullopt;
    if (!weight) continue;
    Weigh(*range, *weight, "application/problem+json", problem);
    Weigh(*range, *weight, "application/json", json);
  }
  return problem.specificity == 3 && problem.weight > 0 && problem.weight >= json.weight;
}

}  // namespace otpgate::gateway
