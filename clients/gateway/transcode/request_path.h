#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_REQUEST_PATH_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_REQUEST_PATH_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::gateway {

// The path of a URL, cut at slashes before it was decoded, so that "%2F" separates nothing.
struct RequestPath {
  std::vector<std::string> raw;       // as they came, percent-encoded
  std::vector<std::string> segments;  // the same, decoded once
};

// Cuts a path such as "/v1/sessions/a%2Fb" into segments. Needs no lock. Errors, none of which
// quotes the path:
//   INVALID_ARGUMENT  a bad percent escape, control characters, no UTF-8, or a segment "." or
//                     ".." (RFC 3986, 5.2.4), also when written as "%2e": no honest client sends it
//   NOT_FOUND         the path has an empty segment, or does not begin with a slash: it may be
//                     fine, but no method is there
absl::StatusOr<RequestPath> ParseRequestPath(absl::string_view path);

// A path that ends with a custom verb, as "/v1/otp:request" may.
struct PathWithVerb {
  RequestPath path;  // without the verb
  std::string verb;  // "request"
};

// Cuts at the last colon of the last segment; none if there is no colon, or nothing on one side of
// it. An encoded colon is no separator.
std::optional<PathWithVerb> SplitVerb(const RequestPath& path);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_REQUEST_PATH_H_
