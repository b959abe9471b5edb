#include "server/validation/utf8.h"

#include <utf8.h>

#include <algorithm>
#include <cstddef>

namespace otpgate::validation {
namespace {

constexpr size_t kLongestEncoding = 4;

bool IsBetween(char32_t c, char32_t first, char32_t last) { return first <= c && c <= last; }

bool Disturbs(char32_t c) {
  return c < 0x20 || IsBetween(c, 0x7F, 0x9F) ||  // Cc
         c == 0x2028 || c == 0x2029 ||            // line and paragraph separator
         c == 0x061C || c == 0x200E || c == 0x200F || IsBetween(c, 0x202A, 0x202E) ||
         IsBetween(c, 0x2066, 0x2069);  // direction marks (UAX 9)
}

}  // namespace

std::optional<char32_t> TakeCodePoint(absl::string_view& text) {
  const char* place = text.data();
  const char* const end = place + std::min(text.size(), kLongestEncoding);
  if (utf8::find_invalid(place, end) == place) return std::nullopt;
  const char32_t c = utf8::unchecked::next(place);
  text.remove_prefix(static_cast<size_t>(place - text.data()));
  return c;
}

bool IsPlainText(absl::string_view text) {
  while (!text.empty()) {
    const std::optional<char32_t> c = TakeCodePoint(text);
    if (!c || Disturbs(*c)) return false;
  }
  return true;
}

}  // namespace otpgate::validation
