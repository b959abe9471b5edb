#ifndef OTPGATE_BASE_CRYPTO_HMAC_H_
#define OTPGATE_BASE_CRYPTO_HMAC_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "base/crypto/secret.h"

namespace otpgate::crypto {

// Digests, MACs and key derivation over OpenSSL. Thread-safe. Algorithms are fetched once per
// process and contexts once per thread, because each fetch costs more than the digest itself.
// No input makes these functions fail; a failure of OpenSSL ends the process.

inline constexpr size_t kSha256Bytes = 32;

// FIPS 180-4; 32 raw bytes.
std::string Sha256(absl::string_view data);

// RFC 2104; 32 raw bytes. `key` must not be empty.
std::string HmacSha256(absl::string_view key, absl::string_view data);

// HKDF-SHA-256 (RFC 5869): derives `length` (1 to 8160) bytes for one use, which `label` (HKDF's
// info) names. Different labels give independent keys. Only a root that is not uniform needs a
// salt.
Secret HkdfSha256(absl::string_view root, absl::string_view label, size_t length,
                  absl::string_view salt = {});

// Compares MACs, tags and secrets in a time that depends only on the lengths.
bool ConstantTimeEquals(absl::string_view a, absl::string_view b);

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_HMAC_H_
