#ifndef OTPGATE_BASE_CRYPTO_PROOF_H_
#define OTPGATE_BASE_CRYPTO_PROOF_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/crypto/jwt.h"

namespace otpgate::crypto {

// Proofs: signed statements that somebody held an identifier, for one calling service. They are no
// access tokens. A verifier that does not look at `typ` refuses them as well, by the issuer and by
// the audience, which no access token has. No state, thread-safe.
inline constexpr JwtKind kProof = {.typ = "otpgate-proof+jwt", .name = "proof"};

// What the audiences of proofs begin with, and those of access tokens must not.
inline constexpr absl::string_view kProofAudiencePrefix = "verification:";

// The issuer of proofs of a service whose access tokens are of `issuer`.
std::string ProofIssuer(absl::string_view issuer);
// The audience of proofs for the calling service `caller`.
std::string ProofAudience(absl::string_view caller);

// The claims of a proof, all of which every proof has. Times are whole seconds.
struct ProofClaims {
  std::string iss;  // ProofIssuer
  std::string sub;  // the identifier in canonical form
  std::string aud;  // ProofAudience
  absl::Time exp;
  absl::Time iat;
  std::string jti;
  std::string user_type;

  friend bool operator==(const ProofClaims&, const ProofClaims&) = default;
};

// Makes a proof. Text in `claims` must be UTF-8; other bytes become replacement characters.
std::string SignProof(const SigningKey& key, const ProofClaims& claims);

struct ProofOptions {
  std::string issuer;  // of access tokens
  std::string caller;
  absl::Duration leeway = absl::Seconds(10);  // see CheckJwtTimes
};

// Verifies a proof and returns its claims, as strictly as VerifyAccessToken.
//   UNAUTHENTICATED  it is not a valid proof for this caller at `now`
absl::StatusOr<ProofClaims> VerifyProof(absl::string_view proof, KeyLookup key_lookup,
                                        absl::Time now, const ProofOptions& options);

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_PROOF_H_
