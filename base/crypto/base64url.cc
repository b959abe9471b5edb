#include "base/crypto/base64url.h"

#include "absl/strings/escaping.h"

namespace otpgate::crypto {

std::string Base64UrlEncode(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

std::optional<std::string> Base64UrlDecode(absl::string_view text) {
  std::string bytes;
  // Abseil's decoder is lenient, so compare with the only spelling that is accepted.
  if (!absl::WebSafeBase64Unescape(text, &bytes) || Base64UrlEncode(bytes) != text) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace otpgate::crypto
