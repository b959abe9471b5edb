#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_PERCENT_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_PERCENT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

// Text of a URL. Functions of their arguments, safe on any thread.
namespace otpgate::gateway {

// How a part of a URL is decoded.
struct PercentOptions {
  bool plus_is_space = false;  // application/x-www-form-urlencoded: query parameters
  bool keep_slash = false;     // "%2F" and "%2f" stay: path variables of several segments
};

// `text` with "%41" as "A" (RFC 3986, 2.1), decoded once; none if a "%" is not followed by two
// hexadecimal digits.
std::optional<std::string> PercentDecode(absl::string_view text, PercentOptions options = {});

// Whether decoded text is well-formed UTF-8 (RFC 3629) without control characters (Unicode Cc).
bool IsCleanText(absl::string_view text);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_PERCENT_H_
