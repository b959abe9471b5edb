#ifndef OTPGATE_SERVER_VALIDATION_FORMS_H_
#define OTPGATE_SERVER_VALIDATION_FORMS_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// The forms of small request fields. Pure functions, thread-safe. Errors are INVALID_ARGUMENT with
// a text fit for the caller, which never holds the value.
namespace otpgate::validation {

inline constexpr size_t kDeviceInfoBytesMax = 512;  // also a CHECK in the schema
inline constexpr size_t kLocaleBytesMax = 35;       // RFC 5646 4.4.1
inline constexpr size_t kHandleBytesMax = 1024;
inline constexpr size_t kRefreshTokenBytesMax = 1024;
inline constexpr size_t kTokenBytesMax = 8192;

// Exactly `digits` ASCII digits. Any other text cannot be a code, so it is not counted as a guess.
absl::Status CheckCode(absl::string_view code, int digits);

// A UUID as text (RFC 9562 4), in either case, to its 16 bytes; empty text gives no bytes. The nil
// UUID is refused: programs send it when they forgot to generate one.
absl::StatusOr<std::string> ParseRequestId(absl::string_view text);

// 1 to 1024 characters of base64url. Whether we issued the handle is checked when it is opened.
absl::Status CheckHandle(absl::string_view handle);

// 1 to `most` bytes of any text: a token that may not be ours.
absl::Status CheckToken(absl::string_view token, size_t most);

// The id of an account or session as the API shows it, 32 characters of base64url, to its 24 bytes.
absl::StatusOr<std::string> ParseId(absl::string_view text);

// Plain text (IsPlainText) of at most 512 bytes, kept as it is. May be empty.
absl::Status CheckDeviceInfo(absl::string_view device_info);

// A BCP 47 language tag in its recommended case (RFC 5646 2.1.1): "PT_br" -> "pt-BR". May be empty.
// Only the form is checked; an unknown language falls back to the default one.
absl::StatusOr<std::string> CanonicalLocale(absl::string_view locale);

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_FORMS_H_
