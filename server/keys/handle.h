#ifndef OTPGATE_SERVER_KEYS_HANDLE_H_
#define OTPGATE_SERVER_KEYS_HANDLE_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/keys/keyring.h"

namespace otpgate::keys {

// What a handle stands for: an OTP and the key of its row.
struct HandlePayload {
  std::string user_type;   // at most 16 bytes
  std::string purpose;     // at most 32 bytes
  std::string identifier;  // at most 254 bytes
  std::string otp_id;      // 24 bytes
  // The calling service that alone may use the handle, at most 64 bytes; empty: any.
  std::string caller;

  friend bool operator==(const HandlePayload&, const HandlePayload&) = default;
};

// The longest handle: Seal returns none that is longer, and Open refuses longer text unread.
inline constexpr size_t kHandleTextBytesMax = 640;

// Makes and opens handles, which are the names of OTPs in encrypted form:
//
//   base64url(version | key id | nonce | AES-256-GCM(user_type, purpose, identifier, otp id, caller))
//
// with the caller left out where there is none. Nothing is stored, and a forged handle is refused without a database access. The nonce is an HMAC
// of the payload, so the same payload always gives the same handle and a repeated request can be
// answered with it. The 128 random bits of the otp id make handles distinct and unguessable.
// Immutable, so thread-safe.
class Handles {
 public:
  explicit Handles(const Keyring& handle_keys);

  // Makes a handle with the active key. The payload must keep the sizes above.
  std::string Seal(const HandlePayload& payload) const;

  // None if the text is not a handle of this service or is damaged, or if its key was removed.
  std::optional<HandlePayload> Open(absl::string_view text) const;

 private:
  Keyring seal_keys_;
  Keyring nonce_keys_;
};

}  // namespace otpgate::keys

#endif  // OTPGATE_SERVER_KEYS_HANDLE_H_
