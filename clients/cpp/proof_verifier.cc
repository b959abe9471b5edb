#include "otpgate/client/proof_verifier.h"

#include <utility>

#include "base/clock.h"
#include "base/crypto/proof.h"
#include "clients/cpp/jwks_cache.h"
#include "clients/cpp/verify_with.h"

namespace otpgate::client {

struct ProofVerifier::Parts {
  Parts(JwksFetch fetch, Options with)
      : options(std::move(with)),
        expected{.issuer = options.issuer, .caller = options.caller, .leeway = options.leeway},
        keys(std::move(fetch), clock, options.keys) {}

  const SystemClock clock;
  const Options options;
  const crypto::ProofOptions expected;
  JwksCache keys;
};

ProofVerifier::ProofVerifier(JwksFetch fetch, Options options)
    : parts_(std::make_unique<Parts>(std::move(fetch), std::move(options))) {}
ProofVerifier::ProofVerifier(std::shared_ptr<AuthClient> client, Options options)
    : ProofVerifier(FetchJwksFrom(std::move(client)), std::move(options)) {}
ProofVerifier::~ProofVerifier() = default;

absl::StatusOr<Proof> ProofVerifier::Verify(absl::string_view proof) {
  if (parts_->options.caller.empty()) return absl::UnauthenticatedError("proof: for no caller");
  absl::StatusOr<crypto::ProofClaims> claims =
      VerifyWith(parts_->keys, [&](crypto::KeyLookup find) {
        return crypto::VerifyProof(proof, find, parts_->clock.Now(), parts_->expected);
      });
  if (!claims.ok()) return claims.status();
  const bool demo = claims->user_type == "demo" && parts_->options.accept_demo;
  if (claims->user_type != "live" && !demo) {
    return absl::UnauthenticatedError("proof: other user type");
  }
  return Proof{.identifier = std::move(claims->sub),
               .user_type = std::move(claims->user_type),
               .id = std::move(claims->jti),
               .issued_at = claims->iat,
               .expires_at = claims->exp};
}

}  // namespace otpgate::client
