#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "base/crypto/jws.h"
#include "base/crypto/jwt_claims.h"
#include "base/status_macros.h"

namespace otpgate::crypto {
namespace {

std::optional<AccessClaims> ClaimsOf(absl::string_view payload) {
  ClaimReader read(payload);
  AccessClaims claims;
  claims.iss = read.Text("iss");
  claims.sub = read.Text("sub");
  claims.aud = read.Texts("aud");
  claims.exp = read.Time("exp");
  claims.iat = read.Time("iat");
  claims.nbf = read.Time("nbf");
  claims.jti = read.Text("jti");
  claims.sid = read.Text("sid");
  claims.ver = read.Number("ver");
  claims.amr = read.Texts("amr");
  claims.auth_time = read.Time("auth_time");
  claims.client_id = read.Text("client_id");
  claims.user_type = read.Text("user_type");
  if (!read.complete()) return std::nullopt;
  return claims;
}

}  // namespace

absl::Status CheckAccessClaims(const AccessClaims& claims, absl::Time now,
                               const VerifyOptions& options) {
  OTPGATE_RETURN_IF_ERROR(CheckJwtTimes(kAccessToken, std::max(claims.nbf, claims.iat), claims.exp,
                                        now, options.leeway));
  return CheckIssuerAndAudience(claims, options);
}

absl::Status CheckIssuerAndAudience(const AccessClaims& claims, const VerifyOptions& options) {
  if (claims.iss != options.issuer) return RefuseJwt(kAccessToken, "other issuer");
  const auto wanted = [&options](const std::string& audience) {
    return std::find(options.audiences.begin(), options.audiences.end(), audience) !=
           options.audiences.end();
  };
  if (std::none_of(claims.aud.begin(), claims.aud.end(), wanted)) {
    return RefuseJwt(kAccessToken, "other audience");
  }
  return absl::OkStatus();
}

absl::StatusOr<SignedClaims> OpenAccessToken(absl::string_view token, KeyLookup key_lookup) {
  OTPGATE_ASSIGN_OR_RETURN(OpenedJwt opened, OpenJwt(token, kAccessToken, key_lookup));
  std::optional<AccessClaims> claims = ClaimsOf(opened.payload);
  if (!claims) return RefuseJwt(kAccessToken, "bad claims");
  return SignedClaims{std::move(opened.kid), *std::move(claims)};
}

absl::StatusOr<AccessClaims> VerifyAccessToken(absl::string_view token, KeyLookup key_lookup,
                                               absl::Time now, const VerifyOptions& options) {
  OTPGATE_ASSIGN_OR_RETURN(SignedClaims opened, OpenAccessToken(token, key_lookup));
  OTPGATE_RETURN_IF_ERROR(CheckAccessClaims(opened.claims, now, options));
  return std::move(opened.claims);
}

}  // namespace otpgate::crypto
