#ifndef OTPGATE_CLIENTS_CPP_LOCAL_VERIFIER_H_
#define OTPGATE_CLIENTS_CPP_LOCAL_VERIFIER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "base/crypto/jws.h"
#include "clients/cpp/jwks_cache.h"
#include "otpgate/client/token_verifier.h"

namespace otpgate::client {

// TokenVerifier with a clock that tests can set. Thread-safe.
class LocalVerifier {
 public:
  // `clock` must outlive the verifier.
  LocalVerifier(JwksFetch fetch, const Clock& clock, TokenVerifier::Options options);

  // As TokenVerifier::Verify.
  absl::StatusOr<crypto::AccessClaims> Verify(absl::string_view token);

 private:
  const Clock& clock_;
  const TokenVerifier::Options options_;
  const crypto::VerifyOptions any_user_;  // accepts the audiences of both kinds of accounts
  JwksCache keys_;
};

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENTS_CPP_LOCAL_VERIFIER_H_
