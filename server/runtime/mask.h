#ifndef OTPGATE_SERVER_RUNTIME_MASK_H_
#define OTPGATE_SERVER_RUNTIME_MASK_H_

#include <string>

#include "absl/strings/string_view.h"

namespace otpgate {

// Identifiers as they may appear in log lines and answers: enough to recognise one's own, not
// enough to reach a stranger. Any input is allowed; what does not look like an identifier is hidden
// whole.

// "+14155550123" -> "+1415****123". At least four digits are hidden.
std::string MaskPhone(absl::string_view phone);

// "test@example.com" -> "t***@e***.com".
std::string MaskEmail(absl::string_view email);

// MaskEmail of what holds an "@", MaskPhone of all else.
std::string MaskIdentifier(absl::string_view identifier);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_MASK_H_
