#include "clients/cpp/local_verifier.h"

#include <algorithm>
#include <utility>

#include "clients/cpp/verify_with.h"

namespace otpgate::client {
namespace {

crypto::VerifyOptions AnyUser(const TokenVerifier::Options& options) {
  crypto::VerifyOptions out{
      .issuer = options.issuer, .audiences = options.audiences, .leeway = options.leeway};
  out.audiences.insert(out.audiences.end(), options.demo_audiences.begin(),
                       options.demo_audiences.end());
  return out;
}

bool Meet(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  return std::find_first_of(some.begin(), some.end(), others.begin(), others.end()) != some.end();
}

}  // namespace

LocalVerifier::LocalVerifier(JwksFetch fetch, const Clock& clock, TokenVerifier::Options options)
    : clock_(clock),
      options_(std::move(options)),
      any_user_(AnyUser(options_)),
      keys_(std::move(fetch), clock, options_.keys) {}

absl::StatusOr<crypto::AccessClaims> LocalVerifier::Verify(absl::string_view token) {
  absl::StatusOr<crypto::AccessClaims> claims = VerifyWith(keys_, [&](crypto::KeyLookup find) {
    return crypto::VerifyAccessToken(token, find, clock_.Now(), any_user_);
  });
  if (!claims.ok()) return claims.status();
  // An account of one kind is not accepted by an audience of the other kind.
  const bool live = claims->user_type == "live" && Meet(claims->aud, options_.audiences);
  const bool demo = claims->user_type == "demo" && Meet(claims->aud, options_.demo_audiences);
  if (!live && !demo) return absl::UnauthenticatedError("access token: other audience");
  return claims;
}

}  // namespace otpgate::client
