#ifndef OTPGATE_BASE_CRYPTO_BASE64URL_H_
#define OTPGATE_BASE_CRYPTO_BASE64URL_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace otpgate::crypto {

// Base64url without padding (RFC 4648, 5; RFC 7515, 2).
std::string Base64UrlEncode(absl::string_view bytes);

// Decodes `text`; none unless it is exactly what Base64UrlEncode makes of the bytes. Padding, white
// space, other alphabets and trailing bits that are set are refused, so each value has one
// spelling.
std::optional<std::string> Base64UrlDecode(absl::string_view text);

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_BASE64URL_H_
