#ifndef OTPGATE_BASE_CRYPTO_JWT_H_
#define OTPGATE_BASE_CRYPTO_JWT_H_

#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/crypto/signing.h"

namespace otpgate::crypto {

// What all kinds of our tokens share: compact JWS (RFC 7515) of a JWT (RFC 7519) with ES256. The
// key fixes the algorithm, so there is nothing to negotiate (RFC 8725, 3.1), and each kind has a
// `typ` of its own, so that none passes for another (RFC 8725, 3.11). No state, thread-safe.

// Longer texts are refused unread.
inline constexpr size_t kJwtBytesMax = 4096;

struct JwtKind {
  absl::string_view typ;   // needs no escaping
  absl::string_view name;  // in error messages
};

// Returns the key named `kid`, which stays valid until the verification returns, or null. `kid` is
// untrusted text.
using KeyLookup = absl::FunctionRef<const VerifyKey*(absl::string_view kid)>;

// `payload`: a JSON object.
std::string SignJwt(const SigningKey& key, const JwtKind& kind, absl::string_view payload);

struct OpenedJwt {
  std::string kid;
  std::string payload;  // decoded and not parsed yet
};
// Checks form and signature. Strict: three canonical base64url parts, a header of exactly alg, typ
// and kid. The error message is for logs and contains nothing of the token.
//   UNAUTHENTICATED  it is not a token of this kind with a right signature
absl::StatusOr<OpenedJwt> OpenJwt(absl::string_view token, const JwtKind& kind,
                                  KeyLookup key_lookup);

// Checks that `now` is between `begin` and `exp`. `leeway`: how far the clocks of issuer and
// verifier may differ; more than a minute counts as a minute.
absl::Status CheckJwtTimes(const JwtKind& kind, absl::Time begin, absl::Time exp, absl::Time now,
                           absl::Duration leeway);

// The refusal of a token: UNAUTHENTICATED.
absl::Status RefuseJwt(const JwtKind& kind, absl::string_view why);

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_JWT_H_
