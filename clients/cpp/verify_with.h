#ifndef OTPGATE_CLIENTS_CPP_VERIFY_WITH_H_
#define OTPGATE_CLIENTS_CPP_VERIFY_WITH_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/crypto/jwt.h"
#include "clients/cpp/jwks_cache.h"

namespace otpgate::client {

// Calls `verify`, which takes a crypto::KeyLookup, with the keys of the cache.
//   UNAVAILABLE  it needed a key that could not be fetched
//   others       of `verify`
template <class Verify>
auto VerifyWith(JwksCache& keys, const Verify& verify) {
  absl::StatusOr<crypto::VerifyKey> key = absl::NotFoundError("no key was looked for");
  const auto look_up = [&](absl::string_view kid) -> const crypto::VerifyKey* {
    key = keys.Find(kid);
    return key.ok() ? &*key : nullptr;
  };
  auto claims = verify(crypto::KeyLookup(look_up));  // an absl::StatusOr
  if (absl::IsUnavailable(key.status())) claims = key.status();
  return claims;
}

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENTS_CPP_VERIFY_WITH_H_
