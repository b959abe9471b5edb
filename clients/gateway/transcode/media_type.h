#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_MEDIA_TYPE_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_MEDIA_TYPE_H_

#include "absl/strings/string_view.h"

// Media types in HTTP headers. Functions of their arguments, safe on any thread.
namespace otpgate::gateway {

// Whether a Content-Type (RFC 9110, 8.3) is that of JSON: "application/json", without parameters
// or with charset=utf-8; case makes no difference.
bool IsJsonContentType(absl::string_view content_type);

// The same for forms: "application/x-www-form-urlencoded".
bool IsFormContentType(absl::string_view content_type);

// Whether an Accept header (RFC 9110, 12.5.1) asks for application/problem+json: it is named, not
// only covered by a wildcard, with a q above 0 and not below that of application/json. Elements
// that break the grammar are skipped.
bool PrefersProblemJson(absl::string_view accept);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_MEDIA_TYPE_H_
