#ifndef OTPGATE_SERVER_VALIDATION_PHONE_DIGITS_H_
#define OTPGATE_SERVER_VALIDATION_PHONE_DIGITS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::validation {

// The ASCII digits of a number as written by a person, with its leading "+" if there is one:
// "(+44) 20-7946" -> "+44207946". `decimal_digit` returns the ASCII digit for a digit of another
// script, none for any other code point.
//   INVALID_ARGUMENT  the spelling holds what CanonicalPhone does not accept
using DecimalDigit = std::optional<char> (*)(absl::string_view code_point);
absl::StatusOr<std::string> PhoneDigits(absl::string_view spelling, DecimalDigit decimal_digit);

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_PHONE_DIGITS_H_
