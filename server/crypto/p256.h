#ifndef OTPGATE_SERVER_CRYPTO_P256_H_
#define OTPGATE_SERVER_CRYPTO_P256_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "server/crypto/openssl_ptr.h"

namespace otpgate::crypto {

// What signing and verifying share. For .cc files of this folder only.
inline constexpr char kP256[] = "P-256";
inline constexpr size_t kP256CoordinateBytes = 32;
// SEQUENCE of two INTEGERs of at most 33 bytes.
inline constexpr size_t kEs256DerBytesMax = 2 + 2 * (2 + 33);

// A key on P-256 whose public point is on the curve.
bool IsValidP256(const EVP_PKEY* key);

// The uncompressed point without its leading 4: x | y.
std::string PublicPoint(const EVP_PKEY* key);

// Between OpenSSL's form of a signature and that of JWS. DerFromRaw takes 64 bytes.
std::string RawFromDer(absl::string_view der);
std::string DerFromRaw(absl::string_view raw);

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_P256_H_
