#ifndef OTPGATE_CLIENTS_GATEWAY_BASIC_CREDENTIALS_H_
#define OTPGATE_CLIENTS_GATEWAY_BASIC_CREDENTIALS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

// Credentials of a calling service. Functions of their arguments, safe on any thread.
namespace otpgate::gateway {

struct BasicCredentials {
  std::string id;
  std::string secret;
};

// Whether the value of an Authorization header has the scheme Basic, well-formed or not. Case makes
// no difference (RFC 9110, 11.1).
bool IsBasic(absl::string_view authorization);

// What such a value holds (RFC 7617, 2). None: another scheme, no base64, no colon, an empty id, or
// no clean text (IsCleanText).
std::optional<BasicCredentials> ParseBasic(absl::string_view authorization);

// The credentials as the server takes them, in x-otpgate-client-authorization. The id has no colon.
std::string CallerAuthorization(const BasicCredentials& credentials);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_BASIC_CREDENTIALS_H_
