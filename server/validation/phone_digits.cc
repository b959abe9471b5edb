#include "server/validation/phone_digits.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/validation/utf8.h"

namespace otpgate::validation {
namespace {

constexpr char32_t kFullWidthPlus = 0xFF0B;

bool IsSpace(char32_t c) {
  return c == ' ' || c == '\t' || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F ||
         c == 0x2060 || c == 0x3000;
}

// The punctuation that libphonenumber skips inside numbers, except its "x" for carrier codes.
bool IsPunctuation(char32_t c) {
  constexpr absl::string_view kAscii = "-./()[]~";
  if (c < 0x80) return absl::StrContains(kAscii, static_cast<char>(c));
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30FC || c == 0xFF0D ||  // dashes
         c == 0xFF08 || c == 0xFF09 || c == 0xFF3B || c == 0xFF3D ||                   // brackets
         c == 0xFF0E || c == 0xFF0F || c == 0x2053 || c == 0x223C || c == 0xFF5E ||
         c == 0xAD;  // soft hyphen
}

bool MarksExtension(char32_t c) {
  return c == 'x' || c == 'X' || c == '#' || c == ';' || c == ',' || c == '*';
}

}  // namespace

absl::StatusOr<std::string> PhoneDigits(absl::string_view spelling, DecimalDigit decimal_digit) {
  spelling = absl::StripAsciiWhitespace(spelling);
  if (absl::StartsWithIgnoreCase(spelling, "tel:")) spelling.remove_prefix(4);  // RFC 3966
  std::string digits;
  while (!spelling.empty()) {
    const absl::string_view remaining = spelling;
    const std::optional<char32_t> c = TakeCodePoint(spelling);
    if (!c) return absl::InvalidArgumentError("must be UTF-8");
    const absl::string_view code_point = remaining.substr(0, remaining.size() - spelling.size());
    if (IsSpace(*c) || IsPunctuation(*c)) continue;
    if (*c == '+' || *c == kFullWidthPlus) {
      if (!digits.empty()) return absl::InvalidArgumentError("may hold \"+\" only in front");
      digits.push_back('+');
    } else if (*c < 0x80 && absl::ascii_isdigit(static_cast<unsigned char>(*c))) {
      digits.push_back(static_cast<char>(*c));
    } else if (const auto digit = *c < 0x80 ? std::nullopt : decimal_digit(code_point)) {
      digits.push_back(*digit);
    } else if (MarksExtension(*c)) {
      return absl::InvalidArgumentError("must not hold an extension or service code");
    } else {
      return absl::InvalidArgumentError("must hold only digits, \"+\" and punctuation");
    }
  }
  if (digits.empty() || digits == "+") return absl::InvalidArgumentError("must hold digits");
  return digits;
}

}  // namespace otpgate::validation
