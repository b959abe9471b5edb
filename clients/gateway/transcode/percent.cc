#include "clients/gateway/transcode/percent.h"

#include <utf8.h>

#include "absl/strings/ascii.h"

namespace otpgate::gateway {
namespace {

int HexValue(char c) {
  return absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10;
}

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

}  // namespace

std::optional<std::string> PercentDecode(absl::string_view text, PercentOptions options) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && options.plus_is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (i + 2 >= text.size() || !absl::ascii_isxdigit(text[i + 1]) ||
          !absl::ascii_isxdigit(text[i + 2])) {
        return std::nullopt;
      }
      const char c = static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      const bool kept = c == '/' && options.keep_slash;
      decoded.append(kept ? text.substr(i, 3).data() : &c, kept ? 3 : 1);
      i += 2;
    }
  }
  return decoded;
}

bool IsCleanText(absl::string_view text) {
  if (!utf8::is_valid(text.begin(), text.end())) return false;
  for (const char* place = text.data(); place != text.data() + text.size();) {
    if (IsControl(utf8::unchecked::next(place))) return false;
  }
  return true;
}

}  // namespace otpgate::gateway
