#ifndef OTPGATE_BASE_CRYPTO_JWS_H_
#define OTPGATE_BASE_CRYPTO_JWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/crypto/jwt.h"
#include "base/crypto/signing.h"

namespace otpgate::crypto {

// Access tokens (RFC 9068), as jwt.h describes. No state: the client library verifies with the same
// functions. Thread-safe.
inline constexpr JwtKind kAccessToken = {.typ = "at+jwt", .name = "access token"};

// The claims of an access token, all of which every token has. Times are whole seconds.
struct AccessClaims {
  std::string iss;
  std::string sub;
  std::vector<std::string> aud;  // at least one
  absl::Time exp;
  absl::Time iat;
  absl::Time nbf;
  std::string jti;
  std::string sid;               // session id
  uint64_t ver = 0;              // the user's token_version
  std::vector<std::string> amr;  // how the user signed in (RFC 8176); at least one
  absl::Time auth_time;
  std::string client_id;
  std::string user_type;

  friend bool operator==(const AccessClaims&, const AccessClaims&) = default;
};

// Makes a token. Text in `claims` must be UTF-8; other bytes become replacement characters.
std::string SignAccessToken(const SigningKey& key, const AccessClaims& claims);

struct VerifyOptions {
  std::string issuer;                  // `iss` must equal it
  std::vector<std::string> audiences;  // `aud` must contain one of them
  // How far the clocks of issuer and verifier may differ; more than a minute counts as a minute.
  absl::Duration leeway = absl::Seconds(10);
};

// Verifies a token and returns its claims. Strict: as OpenJwt, no member twice, every claim present
// with its type. The error message is for logs and contains nothing of the token.
//   UNAUTHENTICATED  the token is not valid at `now`
absl::StatusOr<AccessClaims> VerifyAccessToken(absl::string_view token, KeyLookup key_lookup,
                                               absl::Time now, const VerifyOptions& options);

// The two steps of VerifyAccessToken: OpenAccessToken checks form and signature, whose result stays
// true as long as the key is trusted; CheckAccessClaims checks times, issuer and audience at `now`.
struct SignedClaims {
  std::string kid;
  AccessClaims claims;
};
absl::StatusOr<SignedClaims> OpenAccessToken(absl::string_view token, KeyLookup key_lookup);
absl::Status CheckAccessClaims(const AccessClaims& claims, absl::Time now,
                               const VerifyOptions& options);
// Checks issuer and audience only, for callers that judge the times by another clock, or only end
// the session of the token.
absl::Status CheckIssuerAndAudience(const AccessClaims& claims, const VerifyOptions& options);

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_JWS_H_
