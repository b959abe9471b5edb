#include "otpgate/client/token_verifier.h"

#include <utility>

#include "base/clock.h"
#include "clients/cpp/local_verifier.h"

namespace otpgate::client {
namespace {

AccessClaims Published(crypto::AccessClaims claims) {
  return {.sub = std::move(claims.sub),
          .sid = std::move(claims.sid),
          .user_type = std::move(claims.user_type),
          .amr = std::move(claims.amr),
          .auth_time = claims.auth_time,
          .client_id = std::move(claims.client_id),
          .iss = std::move(claims.iss),
          .aud = std::move(claims.aud),
          .exp = claims.exp,
          .iat = claims.iat,
          .nbf = claims.nbf,
          .jti = std::move(claims.jti),
          .ver = claims.ver};
}

}  // namespace

struct TokenVerifier::Parts {
  Parts(JwksFetch fetch, Options options) : verifier(std::move(fetch), clock, std::move(options)) {}

  const SystemClock clock;
  LocalVerifier verifier;
};

TokenVerifier::TokenVerifier(JwksFetch fetch, Options options)
    : parts_(std::make_unique<Parts>(std::move(fetch), std::move(options))) {}
TokenVerifier::TokenVerifier(std::shared_ptr<AuthClient> client, Options options)
    : TokenVerifier(FetchJwksFrom(std::move(client)), std::move(options)) {}
TokenVerifier::TokenVerifier(std::shared_ptr<AuthClient> client)
    : TokenVerifier(std::move(client), Options{}) {}
TokenVerifier::~TokenVerifier() = default;

absl::StatusOr<AccessClaims> TokenVerifier::Verify(absl::string_view token) {
  absl::StatusOr<crypto::AccessClaims> claims = parts_->verifier.Verify(token);
  if (!claims.ok()) return claims.status();
  return Published(*std::move(claims));
}

}  // namespace otpgate::client
