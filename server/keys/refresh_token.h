#ifndef OTPGATE_SERVER_KEYS_REFRESH_TOKEN_H_
#define OTPGATE_SERVER_KEYS_REFRESH_TOKEN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/keys/keyring.h"

namespace otpgate::keys {

// The fields of a refresh token.
struct RefreshToken {
  std::string key_id;
  std::string user_id;     // 24 bytes
  std::string session_id;  // 24 bytes
  uint32_t generation = 0;

  friend bool operator==(const RefreshToken&, const RefreshToken&) = default;
};

// Issues and parses refresh tokens. They need no table: a token names its session and generation,
// and its MAC proves that this service issued it:
//
//   base64url(version | key id | user id | session id | generation | HMAC-SHA-256 of all before)
//
// The same fields always give the same token, so a retry can be answered with it. The session row
// tells whether the generation is current. Session tokens have the same form, with generation 0 and
// keys of their own. Immutable, so thread-safe.
class RefreshTokens {
 public:
  // `use` is the label of the keys: a token of one use is none of another.
  explicit RefreshTokens(const Keyring& refresh_keys, absl::string_view use = kRefreshUse);

  static constexpr absl::string_view kRefreshUse = "otpgate refresh token 1";
  static constexpr absl::string_view kSessionUse = "otpgate session token 1";

  const std::string& active_key_id() const { return keys_.active().id; }

  // The token with these fields, also if its key was retired during the call. None if there is no
  // key `token.key_id`.
  std::optional<std::string> Issue(const RefreshToken& token) const;

  // Issues a token with the active key.
  std::string Issue(absl::string_view user_id, absl::string_view session_id,
                    uint32_t generation) const;

  // None if the text is not a token of this service or is damaged, or if its key was removed or
  // retired.
  std::optional<RefreshToken> Parse(absl::string_view text) const;
  // As Parse, but accepts a retired key: the holder of such a token may still end its session.
  std::optional<RefreshToken> ParseToRevoke(absl::string_view text) const;

 private:
  std::optional<RefreshToken> Parse(absl::string_view text, bool retired_too) const;

  Keyring keys_;
};

}  // namespace otpgate::keys

#endif  // OTPGATE_SERVER_KEYS_REFRESH_TOKEN_H_
