#include "server/crypto/base64url.h"

#include "absl/strings/escaping.h"

namespace otpgate::crypto {

std::string Base64UrlEncode(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

std::optional<std::string> Base64UrlDecode(absl::string_view text) {
  std::string bytes;
  // Abseil's decoder is lenient; comparing with the one right spelling makes it strict.
  if (!absl::WebSafeBase64Unescape(text, &bytes) || Base64UrlEncode(bytes) != text) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace otpgate::crypto
