#ifndef OTPGATE_CLIENTS_GATEWAY_OAUTH_FORM_H_
#define OTPGATE_CLIENTS_GATEWAY_OAUTH_FORM_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::gateway {

inline constexpr size_t kMaxFormParameters = 16;

// Parameters of a request to an endpoint of OAuth by their names. Values are never empty.
using OAuthForm = std::map<std::string, std::string>;

// Reads a body of application/x-www-form-urlencoded. A parameter without a value counts as absent
// (RFC 6749, 3.2). INVALID_ARGUMENT, quoting nothing: a name comes twice, more than
// kMaxFormParameters, or a name or value is no clean text in percent-encoding (IsCleanText).
// Thread-safe.
absl::StatusOr<OAuthForm> ParseForm(absl::string_view body);

// The value of a parameter; empty: absent. Thread-safe.
std::string ValueOf(const OAuthForm& form, const std::string& name);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OAUTH_FORM_H_
