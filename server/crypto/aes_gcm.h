#ifndef OTPGATE_SERVER_CRYPTO_AES_GCM_H_
#define OTPGATE_SERVER_CRYPTO_AES_GCM_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace otpgate::crypto {

// AES-256-GCM (NIST SP 800-38D), the bare primitive: a nonce must never serve two messages under
// one key. Use Sealer or Handles, which see to that. Thread-safe.
inline constexpr size_t kGcmKeyBytes = 32;
inline constexpr size_t kGcmNonceBytes = 12;
inline constexpr size_t kGcmTagBytes = 16;

// ciphertext | tag
std::string AesGcmEncrypt(absl::string_view key, absl::string_view nonce, absl::string_view aad,
                          absl::string_view plaintext);

// None: some byte of the input is not what was encrypted.
std::optional<std::string> AesGcmDecrypt(absl::string_view key, absl::string_view nonce,
                                         absl::string_view aad,
                                         absl::string_view ciphertext_and_tag);

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_AES_GCM_H_
