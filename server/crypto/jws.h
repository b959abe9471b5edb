#ifndef OTPGATE_SERVER_CRYPTO_JWS_H_
#define OTPGATE_SERVER_CRYPTO_JWS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/crypto/signing.h"

namespace otpgate::crypto {

// Access tokens: compact JWS (RFC 7515) of a JWT (RFC 7519) with `typ: at+jwt` (RFC 9068) and
// ES256. One algorithm, fixed by the key, so there is nothing to negotiate (RFC 8725, 3.1).
// Free of server state: clients verify with the same function. Thread-safe.

// Longer texts are refused unread.
inline constexpr size_t kAccessTokenBytesMax = 4096;

// All of them are in every token. Times are whole seconds.
struct AccessClaims {
  std::string iss;
  std::string sub;
  std::vector<std::string> aud;  // at least one
  absl::Time exp;
  absl::Time iat;
  absl::Time nbf;
  std::string jti;
  std::string sid;               // session
  uint64_t ver = 0;              // the user's token_version
  std::vector<std::string> amr;  // how the user signed in (RFC 8176); at least one
  absl::Time auth_time;
  std::string client_id;
  std::string user_type;

  friend bool operator==(const AccessClaims&, const AccessClaims&) = default;
};

// Texts in `claims` must be UTF-8; what is not comes out as replacement characters.
std::string SignAccessToken(const SigningKey& key, const AccessClaims& claims);

struct VerifyOptions {
  std::string issuer;                  // `iss` must equal it
  std::vector<std::string> audiences;  // `aud` must contain one of them
  // For clocks that differ; more than a minute counts as a minute.
  absl::Duration leeway = absl::Seconds(10);
};

// The key named `kid`, valid for the time of the call, or null. `kid` is any text from outside.
using KeyLookup = absl::FunctionRef<const VerifyKey*(absl::string_view kid)>;

// The claims of a token that is wholly in order at `now`. Strict: three canonical base64url parts;
// header exactly alg, typ, kid; no member twice; every claim there with its type. The message of
// the error is for logs and contains nothing of the token.
//   UNAUTHENTICATED  anything else
absl::StatusOr<AccessClaims> VerifyAccessToken(absl::string_view token, KeyLookup key_lookup,
                                               absl::Time now, const VerifyOptions& options);

// The two halves of it. The first holds for as long as the key does; the second is of the moment.
struct SignedClaims {
  std::string kid;
  AccessClaims claims;
};
absl::StatusOr<SignedClaims> OpenAccessToken(absl::string_view token, KeyLookup key_lookup);
absl::Status CheckAccessClaims(const AccessClaims& claims, absl::Time now,
                               const VerifyOptions& options);
// Issuer and audience alone, for whoever judges the times by another clock or only wants to end
// what the token belongs to.
absl::Status CheckIssuerAndAudience(const AccessClaims& claims, const VerifyOptions& options);

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_JWS_H_
