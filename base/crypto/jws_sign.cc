#include <string>

#include "base/crypto/jws.h"
#include "base/crypto/jwt_claims.h"

namespace otpgate::crypto {
namespace {

std::string Payload(const AccessClaims& claims) {
  ClaimWriter payload;
  payload.Texts("amr", claims.amr);
  if (claims.aud.size() == 1) {
    payload.Text("aud", claims.aud.front());
  } else {
    payload.Texts("aud", claims.aud);
  }
  payload.Time("auth_time", claims.auth_time);
  payload.Text("client_id", claims.client_id);
  payload.Time("exp", claims.exp);
  payload.Time("iat", claims.iat);
  payload.Text("iss", claims.iss);
  payload.Text("jti", claims.jti);
  payload.Time("nbf", claims.nbf);
  payload.Text("sid", claims.sid);
  payload.Text("sub", claims.sub);
  payload.Text("user_type", claims.user_type);
  payload.Number("ver", claims.ver);
  return payload.Take();
}

}  // namespace

std::string SignAccessToken(const SigningKey& key, const AccessClaims& claims) {
  return SignJwt(key, kAccessToken, Payload(claims));
}

}  // namespace otpgate::crypto
