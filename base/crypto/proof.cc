#include "base/crypto/proof.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/crypto/jwt_claims.h"
#include "base/status_macros.h"

namespace otpgate::crypto {
namespace {

std::optional<ProofClaims> ProofClaimsOf(absl::string_view payload) {
  ClaimReader read(payload);
  ProofClaims claims;
  claims.iss = read.Text("iss");
  claims.sub = read.Text("sub");
  claims.aud = read.Text("aud");
  claims.exp = read.Time("exp");
  claims.iat = read.Time("iat");
  claims.jti = read.Text("jti");
  claims.user_type = read.Text("user_type");
  if (!read.complete()) return std::nullopt;
  return claims;
}

}  // namespace

std::string ProofIssuer(absl::string_view issuer) { return absl::StrCat(issuer, "/verification"); }

std::string ProofAudience(absl::string_view caller) {
  return absl::StrCat(kProofAudiencePrefix, caller);
}

std::string SignProof(const SigningKey& key, const ProofClaims& claims) {
  ClaimWriter payload;
  payload.Text("aud", claims.aud);
  payload.Time("exp", claims.exp);
  payload.Time("iat", claims.iat);
  payload.Text("iss", claims.iss);
  payload.Text("jti", claims.jti);
  payload.Text("sub", claims.sub);
  payload.Text("user_type", claims.user_type);
  return SignJwt(key, kProof, payload.Take());
}

absl::StatusOr<ProofClaims> VerifyProof(absl::string_view proof, KeyLookup key_lookup,
                                        absl::Time now, const ProofOptions& options) {
  OTPGATE_ASSIGN_OR_RETURN(const OpenedJwt opened, OpenJwt(proof, kProof, key_lookup));
  std::optional<ProofClaims> claims = ProofClaimsOf(opened.payload);
  if (!claims) return RefuseJwt(kProof, "bad claims");
  OTPGATE_RETURN_IF_ERROR(CheckJwtTimes(kProof, claims->iat, claims->exp, now, options.leeway));
  if (claims->iss != ProofIssuer(options.issuer)) return RefuseJwt(kProof, "other issuer");
  if (claims->aud != ProofAudience(options.caller)) return RefuseJwt(kProof, "other audience");
  return *std::move(claims);
}

}  // namespace otpgate::crypto
