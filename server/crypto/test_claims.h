#ifndef OTPGATE_SERVER_CRYPTO_TEST_CLAIMS_H_
#define OTPGATE_SERVER_CRYPTO_TEST_CLAIMS_H_

#include "absl/time/time.h"
#include "server/crypto/jws.h"

namespace otpgate::testing {

// For tests: what an access token says that was issued at `now` under the default configuration.
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

}  // namespace otpgate::testing

#endif  // OTPGATE_SERVER_CRYPTO_TEST_CLAIMS_H_
