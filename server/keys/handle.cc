#include "server/keys/handle.h"

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/crypto/aes_gcm.h"
#include "base/crypto/base64url.h"
#include "base/crypto/hmac.h"
#include "base/crypto/packing.h"

namespace otpgate::keys {
namespace {

constexpr char kHandleVersion = 1;
constexpr size_t kUserTypeBytesMax = 16;
constexpr size_t kPurposeBytesMax = 32;
constexpr size_t kIdentifierBytesMax = 254;
constexpr size_t kOtpIdBytes = 24;
constexpr size_t kCallerBytesMax = 64;
constexpr size_t kHandleBytesMax = 1 + (1 + 16) + crypto::kGcmNonceBytes + (1 + kUserTypeBytesMax) +
                                   (1 + kPurposeBytesMax) + (1 + kIdentifierBytesMax) +
                                   (1 + kOtpIdBytes) + (1 + kCallerBytesMax) + crypto::kGcmTagBytes;
static_assert((kHandleBytesMax * 8 + 5) / 6 <= kHandleTextBytesMax);

std::string Pack(const HandlePayload& payload) {
  std::string packed;
  crypto::AppendShort(packed, payload.user_type);
  crypto::AppendShort(packed, payload.purpose);
  crypto::AppendShort(packed, payload.identifier);
  crypto::AppendShort(packed, payload.otp_id);
  if (!payload.caller.empty()) crypto::AppendShort(packed, payload.caller);
  return packed;
}

std::optional<HandlePayload> Unpack(absl::string_view packed) {
  crypto::Unpacker unpacker(packed);
  const auto user_type = unpacker.TakeShort();
  const auto purpose = unpacker.TakeShort();
  const auto identifier = unpacker.TakeShort();
  const auto otp_id = unpacker.TakeShort();
  if (!otp_id) return std::nullopt;
  HandlePayload payload{std::string(*user_type), std::string(*purpose), std::string(*identifier),
                        std::string(*otp_id), ""};
  if (unpacker.rest().empty()) return payload;
  const auto caller = unpacker.TakeShort();
  if (!caller || caller->empty() || !unpacker.rest().empty()) return std::nullopt;
  payload.caller = std::string(*caller);
  return payload;
}

}  // namespace

Handles::Handles(const Keyring& handle_keys)
    : seal_keys_(handle_keys.Derive("otpgate handle seal 1")),
      nonce_keys_(handle_keys.Derive("otpgate handle nonce 1")) {}

std::string Handles::Seal(const HandlePayload& payload) const {
  OTPGATE_CHECK(payload.user_type.size() <= kUserTypeBytesMax);
  OTPGATE_CHECK(payload.purpose.size() <= kPurposeBytesMax);
  OTPGATE_CHECK(payload.identifier.size() <= kIdentifierBytesMax);
  OTPGATE_CHECK(payload.otp_id.size() == kOtpIdBytes);
  OTPGATE_CHECK(payload.caller.size() <= kCallerBytesMax);
  const Keyring::Key& key = seal_keys_.active();
  const std::string header = crypto::PackHeader(kHandleVersion, key.id);
  const std::string packed = Pack(payload);
  const std::string nonce = crypto::HmacSha256(nonce_keys_.active().secret.Reveal(), packed)
                                .substr(0, crypto::kGcmNonceBytes);
  return crypto::Base64UrlEncode(absl::StrCat(
      header, nonce, crypto::AesGcmEncrypt(key.secret.Reveal(), nonce, header, packed)));
}

std::optional<HandlePayload> Handles::Open(absl::string_view text) const {
  if (text.size() > kHandleTextBytesMax) return std::nullopt;
  const std::optional<std::string> sealed = crypto::Base64UrlDecode(text);
  if (!sealed) return std::nullopt;
  crypto::Unpacker unpacker(*sealed);
  const auto version = unpacker.TakeByte();
  const auto key_id = unpacker.TakeShort();
  const auto nonce = unpacker.Take(crypto::kGcmNonceBytes);
  if (!nonce || *version != kHandleVersion) return std::nullopt;
  const Keyring::Key* key = seal_keys_.Find(*key_id);
  if (key == nullptr) return std::nullopt;
  const std::optional<std::string> packed = crypto::AesGcmDecrypt(
      key->secret.Reveal(), *nonce, crypto::PackHeader(kHandleVersion, *key_id), unpacker.rest());
  if (!packed) return std::nullopt;
  return Unpack(*packed);
}

}  // namespace otpgate::keys
