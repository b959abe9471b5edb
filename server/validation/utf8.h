#ifndef OTPGATE_SERVER_VALIDATION_UTF8_H_
#define OTPGATE_SERVER_VALIDATION_UTF8_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace otpgate::validation {

// Removes the first code point from `text`, which must not be empty, and returns it; none if it is
// malformed. Strict (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
std::optional<char32_t> TakeCodePoint(absl::string_view& text);

// Whether `text` is well-formed UTF-8 that cannot disturb a terminal, a log line or the text around
// it: it has no control characters (Unicode Cc), line or paragraph separators, or invisible
// direction marks.
bool IsPlainText(absl::string_view text);

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_UTF8_H_
