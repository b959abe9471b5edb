#ifndef OTPGATE_SERVER_CRYPTO_REFRESH_TOKEN_H_
#define OTPGATE_SERVER_CRYPTO_REFRESH_TOKEN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/crypto/keyring.h"

namespace otpgate::crypto {

struct RefreshToken {
  std::string key_id;
  std::string user_id;     // 24 bytes
  std::string session_id;  // 24 bytes
  uint32_t generation = 0;

  friend bool operator==(const RefreshToken&, const RefreshToken&) = default;
};

// Refresh tokens need no table: the text says which session and generation it is and proves that it
// comes from here:
//
//   base64url(version | key id | user id | session id | generation | HMAC-SHA-256 of all before)
//
// The same fields always give the same token, so a retry can be answered with it. Whether the
// generation is the current one is the session row's word. Immutable, so thread-safe.
class RefreshTokens {
 public:
  explicit RefreshTokens(const Keyring& refresh_keys);

  const std::string& active_key_id() const { return keys_.active().id; }

  // The token of these fields, also of a key that was retired while the call was under way. None:
  // there is no key `token.key_id`.
  std::optional<std::string> Issue(const RefreshToken& token) const;

  // With the active key.
  std::string Issue(absl::string_view user_id, absl::string_view session_id,
                    uint32_t generation) const;

  // None: not a token of ours, damaged, or its key is gone or retired.
  std::optional<RefreshToken> Parse(absl::string_view text) const;
  // The same, also of a retired key: whoever holds such a token may still end its session.
  std::optional<RefreshToken> ParseToRevoke(absl::string_view text) const;

 private:
  std::optional<RefreshToken> Parse(absl::string_view text, bool retired_too) const;

  Keyring keys_;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_REFRESH_TOKEN_H_
