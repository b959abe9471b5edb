#include "base/crypto/jwt_claims.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/json_text.h"

namespace otpgate::crypto {
namespace {

constexpr uint64_t kSecondsMax = 253402300799;  // the end of year 9999

void AppendText(std::string& out, absl::string_view text) {
  AppendJsonText(out, text, JsonCharacters::kUtf8);
}

}  // namespace

void ClaimWriter::Text(absl::string_view key, absl::string_view value) {
  AppendText(Member(key), value);
}

void ClaimWriter::Texts(absl::string_view key, const std::vector<std::string>& values) {
  std::string& out = Member(key);
  out += '[';
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    AppendText(out, values[i]);
  }
  out += ']';
}

void ClaimWriter::Number(absl::string_view key, uint64_t value) {
  absl::StrAppend(&Member(key), value);
}

void ClaimWriter::Time(absl::string_view key, absl::Time value) {
  absl::StrAppend(&Member(key), absl::ToUnixSeconds(value));
}

std::string& ClaimWriter::Member(absl::string_view key) {
  absl::StrAppend(&out_, out_.empty() ? "{\"" : ",\"", key, "\":");
  return out_;
}

std::string ClaimReader::Text(const char* name) {
  return object_ ? Keep(GetString(*object_, name)) : std::string();
}

std::vector<std::string> ClaimReader::Texts(const char* name) {
  if (!object_) return {};
  std::vector<std::string> texts = Keep(GetStrings(*object_, name));
  complete_ &= !texts.empty();
  return texts;
}

uint64_t ClaimReader::Number(const char* name) {
  return object_ ? Keep(GetUint(*object_, name)) : 0;
}

absl::Time ClaimReader::Time(const char* name) {
  const uint64_t seconds = Number(name);
  complete_ &= seconds <= kSecondsMax;
  return absl::FromUnixSeconds(static_cast<int64_t>(std::min(seconds, kSecondsMax)));
}

}  // namespace otpgate::crypto
