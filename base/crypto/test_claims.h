#ifndef OTPGATE_BASE_CRYPTO_TEST_CLAIMS_H_
#define OTPGATE_BASE_CRYPTO_TEST_CLAIMS_H_

#include "absl/time/time.h"
#include "base/crypto/jws.h"

namespace otpgate::crypto {

// For tests: the claims of an access token issued at `now` with the default configuration.
inline crypto::AccessClaims TestClaims(absl::Time now) {
  crypto::AccessClaims claims;
  claims.iss = "otpgate";
  claims.sub = "user";
  claims.aud = {"otpgate"};
  claims.iat = claims.nbf = claims.auth_time = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  claims.exp = claims.iat + absl::Minutes(15);
  claims.jti = "jti";
  claims.sid = "session";
  claims.ver = 3;
  claims.amr = {"otp", "sms"};
  claims.client_id = "shop";
  claims.user_type = "live";
  return claims;
}

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_TEST_CLAIMS_H_
