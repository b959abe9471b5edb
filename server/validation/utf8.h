#ifndef OTPGATE_SERVER_VALIDATION_UTF8_H_
#define OTPGATE_SERVER_VALIDATION_UTF8_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace otpgate {

// Takes the first code point off `text`. Strict (RFC 3629): no overlong forms, no surrogates,
// nothing above U+10FFFF. Nothing if the front is malformed; `text` must not be empty.
std::optional<char32_t> TakeCodePoint(absl::string_view& text);

// Well-formed UTF-8 that cannot disturb a terminal, a log line or the text around it: no control
// characters (Unicode Cc), no line or paragraph separators, no invisible direction marks.
bool IsPlainText(absl::string_view text);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_VALIDATION_UTF8_H_
