#ifndef OTPGATE_SERVER_VALIDATION_PHONE_DIGITS_H_
#define OTPGATE_SERVER_VALIDATION_PHONE_DIGITS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate {

// The ASCII digits of a number as a person writes it, with its leading "+" if there is one:
// "(+44) 20-7946" -> "+44207946". What the spelling may hold is told at CanonicalPhone.
// `decimal_digit` gives the value of a code point beyond ASCII that is a digit, else nothing.
// INVALID_ARGUMENT for everything else.
using DecimalDigit = std::optional<char> (*)(absl::string_view code_point);
absl::StatusOr<std::string> PhoneDigits(absl::string_view spelling, DecimalDigit decimal_digit);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_VALIDATION_PHONE_DIGITS_H_
