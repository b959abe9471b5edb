#ifndef OTPGATE_SERVER_CRYPTO_HANDLE_H_
#define OTPGATE_SERVER_CRYPTO_HANDLE_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/crypto/keyring.h"

namespace otpgate::crypto {

// What a handle stands for: the OTP session and where its row is.
struct HandleContent {
  std::string user_type;   // at most 16 bytes
  std::string purpose;     // at most 32 bytes
  std::string identifier;  // at most 254 bytes
  std::string otp_id;      // 24 bytes

  friend bool operator==(const HandleContent&, const HandleContent&) = default;
};

// The longest text Seal gives and Open looks at.
inline constexpr size_t kHandleTextBytesMax = 512;

// Makes and opens handles, the sealed names of OTP sessions:
//
//   base64url(version | key id | nonce | AES-256-GCM(user_type, purpose, identifier, otp id))
//
// Nothing is stored; forgeries die before the database is asked. The same content always gives the
// same handle, so that a repeated request can answer with it: the nonce is an HMAC of the content.
// The 128 random bits of the otp id make handles of different sessions different and unguessable.
// Immutable, so thread-safe.
class Handles {
 public:
  explicit Handles(const Keyring& handle_keys);

  // With the active key. The content must keep the sizes above.
  std::string Seal(const HandleContent& content) const;

  // None: not a handle of ours, damaged, or its key is gone.
  std::optional<HandleContent> Open(absl::string_view text) const;

 private:
  Keyring seal_keys_;
  Keyring nonce_keys_;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_HANDLE_H_
