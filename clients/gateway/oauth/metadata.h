#ifndef OTPGATE_CLIENTS_GATEWAY_OAUTH_METADATA_H_
#define OTPGATE_CLIENTS_GATEWAY_OAUTH_METADATA_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// What an authorization server says about itself. Functions of their arguments, safe on any thread.
namespace otpgate::gateway {

// INVALID_ARGUMENT: not the URL of an issuer (RFC 8414, 2), which is https, or http on a loopback
// host, with neither user, query, fragment nor slash at its end. A path has unreserved characters
// only.
absl::Status CheckIssuer(absl::string_view issuer);

// The path of an issuer: "" or "/auth".
absl::string_view IssuerPath(absl::string_view issuer);

// The metadata of RFC 8414 as JSON, for a checked issuer. Only what is true: sessions begin with a
// one-time code and not at an authorization endpoint, so there are no response types (the list is
// required, so it is there and empty), and no ID tokens.
std::string ServerMetadata(absl::string_view issuer);

// The same for those who look for OpenID Connect Discovery, with its subject_types_supported.
// Middleware takes `issuer` and `jwks_uri` from it. It is not complete, for this is no OpenID
// provider: there is no authorization endpoint and no algorithm of ID tokens.
std::string OpenIdMetadata(absl::string_view issuer);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OAUTH_METADATA_H_
