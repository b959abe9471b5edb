#include "server/keys/refresh_token.h"

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/crypto/base64url.h"
#include "base/crypto/hmac.h"
#include "base/crypto/packing.h"

namespace otpgate::keys {
namespace {

constexpr char kTokenVersion = 1;
constexpr size_t kIdBytes = 24;
constexpr size_t kTokenBytesMax =
    1 + (1 + 16) + 2 * kIdBytes + sizeof(uint32_t) + crypto::kSha256Bytes;
constexpr size_t kTokenTextBytesMax = (kTokenBytesMax * 8 + 5) / 6;

std::string Pack(const RefreshToken& token) {
  OTPGATE_CHECK(token.user_id.size() == kIdBytes && token.session_id.size() == kIdBytes);
  std::string packed = crypto::PackHeader(kTokenVersion, token.key_id);
  absl::StrAppend(&packed, token.user_id, token.session_id);
  crypto::AppendU32(packed, token.generation);
  return packed;
}

}  // namespace

RefreshTokens::RefreshTokens(const Keyring& refresh_keys, absl::string_view use)
    : keys_(refresh_keys.Derive(use)) {}

std::optional<std::string> RefreshTokens::Issue(const RefreshToken& token) const {
  const Keyring::Key* key = keys_.Find(token.key_id);
  if (key == nullptr) key = keys_.FindRetired(token.key_id);
  if (key == nullptr) return std::nullopt;
  const std::string packed = Pack(token);
  return crypto::Base64UrlEncode(
      absl::StrCat(packed, crypto::HmacSha256(key->secret.Reveal(), packed)));
}

std::string RefreshTokens::Issue(absl::string_view user_id, absl::string_view session_id,
                                 uint32_t generation) const {
  return *Issue({active_key_id(), std::string(user_id), std::string(session_id), generation});
}

std::optional<RefreshToken> RefreshTokens::Parse(absl::string_view text) const {
  return Parse(text, /*retired_too=*/false);
}

std::optional<RefreshToken> RefreshTokens::ParseToRevoke(absl::string_view text) const {
  return Parse(text, /*retired_too=*/true);
}

std::optional<RefreshToken> RefreshTokens::Parse(absl::string_view text, bool retired_too) const {
  if (text.size() > kTokenTextBytesMax) return std::nullopt;
  const std::optional<std::string> bytes = crypto::Base64UrlDecode(text);
  if (!bytes || bytes->size() < crypto::kSha256Bytes) return std::nullopt;
  const absl::string_view packed =
      absl::string_view(*bytes).substr(0, bytes->size() - crypto::kSha256Bytes);
  const absl::string_view mac = absl::string_view(*bytes).substr(packed.size());
  crypto::Unpacker unpacker(packed);
  const auto version = unpacker.TakeByte();
  const auto key_id = unpacker.TakeShort();
  const auto user_id = unpacker.Take(kIdBytes);
  const auto session_id = unpacker.Take(kIdBytes);
  const auto generation = unpacker.TakeU32();
  if (!generation || !unpacker.rest().empty() || *version != kTokenVersion) return std::nullopt;
  const Keyring::Key* key = keys_.Find(*key_id);
  if (key == nullptr && retired_too) key = keys_.FindRetired(*key_id);
  if (key == nullptr ||
      !crypto::ConstantTimeEquals(crypto::HmacSha256(key->secret.Reveal(), packed), mac)) {
    return std::nullopt;
  }
  return RefreshToken{std::string(*key_id), std::string(*user_id), std::string(*session_id),
                      *generation};
}

}  // namespace otpgate::keys
