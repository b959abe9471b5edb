#ifndef OTPGATE_BASE_CRYPTO_P256_H_
#define OTPGATE_BASE_CRYPTO_P256_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "base/crypto/openssl_ptr.h"

namespace otpgate::crypto {

// Shared by signing and verifying. Only for .cc files of this folder.
inline constexpr char kP256[] = "P-256";
inline constexpr size_t kP256CoordinateBytes = 32;
// SEQUENCE of two INTEGERs of at most 33 bytes.
inline constexpr size_t kEs256DerBytesMax = 2 + 2 * (2 + 33);

// Whether the key is on P-256 and its public point is on the curve.
bool IsValidP256(const EVP_PKEY* key);

// The public point as x | y: the uncompressed form without its leading byte 4.
std::string PublicPoint(const EVP_PKEY* key);

// Convert a signature between the form of OpenSSL (DER) and that of JWS (r | s, 64 bytes).
std::string RawFromDer(absl::string_view der);
std::string DerFromRaw(absl::string_view raw);

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_P256_H_
