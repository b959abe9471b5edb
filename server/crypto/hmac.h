#ifndef OTPGATE_SERVER_CRYPTO_HMAC_H_
#define OTPGATE_SERVER_CRYPTO_HMAC_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "server/crypto/secret.h"

namespace otpgate::crypto {

// Digests, MACs and key derivation over OpenSSL. Thread-safe. Algorithms are fetched once per
// process and contexts once per thread, because each fetch costs more than the digest itself.
// Nothing here fails on input: a failure of OpenSSL ends the process.

inline constexpr size_t kSha256Bytes = 32;

// FIPS 180-4; 32 raw bytes.
std::string Sha256(absl::string_view data);

// RFC 2104; 32 raw bytes. `key` must not be empty.
std::string HmacSha256(absl::string_view key, absl::string_view data);

// HKDF-SHA-256 (RFC 5869): `length` (1..8160) bytes for one use, named by `label` (HKDF's info).
// Different labels give independent keys. `salt` is needed only where the root is not uniform.
Secret HkdfSha256(absl::string_view root, absl::string_view label, size_t length,
                  absl::string_view salt = {});

// Compares MACs, tags and secrets: the time depends on the lengths alone.
bool ConstantTimeEquals(absl::string_view a, absl::string_view b);

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_HMAC_H_
