#ifndef OTPGATE_SERVER_CRYPTO_JWKS_H_
#define OTPGATE_SERVER_CRYPTO_JWKS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/crypto/signing.h"

namespace otpgate::crypto {

// Longer texts are refused unread.
inline constexpr size_t kJwksBytesMax = size_t{256} * 1024;

// A JWK Set (RFC 7517, 5) of public keys, in the given order.
std::string JwksJson(const std::vector<VerifyKey>& keys);

// The ES256 keys of a JWK Set whose kid is their thumbprint, as ours are. Keys of other kinds are
// skipped, as RFC 7517, 5 asks.
//   INVALID_ARGUMENT  not a JWK Set
absl::StatusOr<std::vector<VerifyKey>> ParseJwks(absl::string_view json);

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_JWKS_H_
