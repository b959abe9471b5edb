#ifndef OTPGATE_BASE_CRYPTO_AES_GCM_H_
#define OTPGATE_BASE_CRYPTO_AES_GCM_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace otpgate::crypto {

// AES-256-GCM (NIST SP 800-38D), the bare primitive: never use a nonce for two messages under one
// key. keys::Sealer and keys::Handles take care of that. Sizes of key and nonce must be right: a
// wrong one ends the process. Thread-safe.
inline constexpr size_t kGcmKeyBytes = 32;
inline constexpr size_t kGcmNonceBytes = 12;
inline constexpr size_t kGcmTagBytes = 16;

// Returns ciphertext | tag.
std::string AesGcmEncrypt(absl::string_view key, absl::string_view nonce, absl::string_view aad,
                          absl::string_view plaintext);

// Returns the plaintext; none if key, nonce, `aad` or input is not the right one.
std::optional<std::string> AesGcmDecrypt(absl::string_view key, absl::string_view nonce,
                                         absl::string_view aad,
                                         absl::string_view ciphertext_and_tag);

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_AES_GCM_H_
