#ifndef OTPGATE_SERVER_RUNTIME_MASK_H_
#define OTPGATE_SERVER_RUNTIME_MASK_H_

#include <string>

#include "absl/strings/string_view.h"

namespace otpgate::runtime {

// Masks identifiers for log lines and answers: enough stays to recognise one's own, not enough to
// reach a stranger. Any input is allowed; text that does not look like an identifier is hidden
// entirely.

// "+14155550123" -> "+1415****123". At least four digits are hidden.
std::string MaskPhone(absl::string_view phone);

// "test@example.com" -> "t***@e***.com".
std::string MaskEmail(absl::string_view email);

// MaskEmail for text with an "@", MaskPhone for other text.
std::string MaskIdentifier(absl::string_view identifier);

}  // namespace otpgate::runtime

#endif  // OTPGATE_SERVER_RUNTIME_MASK_H_
