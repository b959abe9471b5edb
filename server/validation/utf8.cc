#include "server/validation/utf8.h"

#include <cstddef>
#include <cstdint>

namespace otpgate {
namespace {

struct Lead {
  size_t continuations;
  char32_t bits;   // of the lead byte
  char32_t least;  // anything below is overlong
};

std::optional<Lead> DecodeLead(uint8_t byte) {
  if (byte < 0x80) return Lead{0, byte, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return Lead{1, byte & 0x1Fu, 0x80};
  if (byte >= 0xE0 && byte <= 0xEF) return Lead{2, byte & 0x0Fu, 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return Lead{3, byte & 0x07u, 0x10000};
  return std::nullopt;
}

bool IsBetween(char32_t c, char32_t first, char32_t last) { return first <= c && c <= last; }

bool Disturbs(char32_t c) {
  return c < 0x20 || IsBetween(c, 0x7F, 0x9F) ||  // Cc
         c == 0x2028 || c == 0x2029 ||            // line and paragraph separator
         c == 0x061C || c == 0x200E || c == 0x200F || IsBetween(c, 0x202A, 0x202E) ||
         IsBetween(c, 0x2066, 0x2069);  // direction marks (UAX 9)
}

}  // namespace

std::optional<char32_t> TakeCodePoint(absl::string_view& text) {
  const std::optional<Lead> lead = DecodeLead(static_cast<uint8_t>(text.front()));
  if (!lead || text.size() <= lead->continuations) return std::nullopt;
  char32_t c = lead->bits;
  for (size_t i = 1; i <= lead->continuations; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xC0) != 0x80) return std::nullopt;
    c = c << 6 | (byte & 0x3Fu);
  }
  if (c < lead->least || c > 0x10FFFF || IsBetween(c, 0xD800, 0xDFFF)) return std::nullopt;
  text.remove_prefix(lead->continuations + 1);
  return c;
}

bool IsPlainText(absl::string_view text) {
  while (!text.empty()) {
    const std::optional<char32_t> c = TakeCodePoint(text);
    if (!c || Disturbs(*c)) return false;
  }
  return true;
}

}  // namespace otpgate
