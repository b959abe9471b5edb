#include "server/validation/forms.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/validation/utf8.h"

namespace otpgate::validation {
namespace {

bool IsSubtag(absl::string_view tag) {
  return !tag.empty() && tag.size() <= 8 && absl::c_all_of(tag, absl::ascii_isalnum);
}

bool IsLanguage(absl::string_view tag) {
  return tag.size() >= 2 && tag.size() <= 8 && absl::c_all_of(tag, absl::ascii_isalpha);
}

// Scripts have four letters, regions two; after a singleton such as "x" there are neither.
void SetUsualCase(std::vector<std::string>& tags) {
  for (size_t i = 1; i < tags.size() && tags[i].size() > 1; ++i) {
    if (tags[i].size() == 2) absl::AsciiStrToUpper(&tags[i]);
    if (tags[i].size() == 4) tags[i][0] = absl::ascii_toupper(tags[i][0]);
  }
}

bool IsBase64Url(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
}

}  // namespace

absl::Status CheckCode(absl::string_view code, int digits) {
  if (code.size() == static_cast<size_t>(digits) && absl::c_all_of(code, absl::ascii_isdigit)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("must be exactly ", digits, " ASCII digits"));
}

absl::StatusOr<std::string> ParseRequestId(absl::string_view text) {
  if (text.empty()) return std::string();
  std::string hex;
  bool well_formed = text.size() == 36;
  for (size_t i = 0; well_formed && i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      well_formed = text[i] == '-';
    } else {
      well_formed = absl::ascii_isxdigit(static_cast<unsigned char>(text[i]));
      hex.push_back(text[i]);
    }
  }
  if (!well_formed) return absl::InvalidArgumentError("must be a UUID");
  std::string bytes = absl::HexStringToBytes(hex);
  if (absl::c_all_of(bytes, [](char c) { return c == 0; })) {
    return absl::InvalidArgumentError("must not be the nil UUID");
  }
  return bytes;
}

absl::Status CheckHandle(absl::string_view handle) {
  if (handle.empty()) return absl::InvalidArgumentError("is required");
  if (handle.size() > kHandleBytesMax || !absl::c_all_of(handle, IsBase64Url)) {
    return absl::InvalidArgumentError("must be a handle as RequestOtp returns it");
  }
  return absl::OkStatus();
}

absl::Status CheckToken(absl::string_view token, size_t most) {
  if (!token.empty() && token.size() <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("must be 1 to ", most, " bytes"));
}

absl::StatusOr<std::string> ParseId(absl::string_view text) {
  constexpr size_t kCharacters = 32;  // of 24 bytes: no padding, no unused bits
  std::string bytes;
  if (text.size() == kCharacters && absl::c_all_of(text, IsBase64Url) &&
      absl::WebSafeBase64Unescape(text, &bytes)) {
    return bytes;
  }
  return absl::InvalidArgumentError("must be 32 characters of base64url");
}

absl::Status CheckDeviceInfo(absl::string_view device_info) {
  if (device_info.size() > kDeviceInfoBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("must have at most ", kDeviceInfoBytesMax, " bytes"));
  }
  if (!IsPlainText(device_info)) {
    return absl::InvalidArgumentError("must be UTF-8 without control characters");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> CanonicalLocale(absl::string_view locale) {
  if (locale.empty()) return std::string();
  std::vector<std::string> tags;
  if (locale.size() <= kLocaleBytesMax) {
    const std::string lower = absl::StrReplaceAll(absl::AsciiStrToLower(locale), {{"_", "-"}});
    tags = absl::StrSplit(lower, '-');
  }
  if (tags.empty() || !IsLanguage(tags[0]) || !absl::c_all_of(tags, IsSubtag)) {
    return absl::InvalidArgumentError("must be a language tag such as \"en\" or \"pt-BR\"");
  }
  SetUsualCase(tags);
  return absl::StrJoin(tags, "-");
}

}  // namespace otpgate::validation
