#ifndef OTPGATE_BASE_CRYPTO_JWKS_H_
#define OTPGATE_BASE_CRYPTO_JWKS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/crypto/signing.h"

namespace otpgate::crypto {

// Longer texts are refused unread.
inline constexpr size_t kJwksBytesMax = size_t{256} * 1024;

// Writes public keys as a JWK Set (RFC 7517, 5), in the given order.
std::string JwksJson(const std::vector<VerifyKey>& keys);

// Reads the ES256 keys of a JWK Set whose kid is their thumbprint, as in the sets of this service.
// Other keys are skipped, as RFC 7517, 5 demands.
//   INVALID_ARGUMENT  not a JWK Set
absl::StatusOr<std::vector<VerifyKey>> ParseJwks(absl::string_view json);

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_JWKS_H_
