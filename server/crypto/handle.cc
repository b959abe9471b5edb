#include "server/crypto/handle.h"

#include "absl/strings/str_cat.h"
#include "server/crypto/aes_gcm.h"
#include "server/crypto/base64url.h"
#include "server/crypto/hmac.h"
#include "server/crypto/packing.h"
#include "server/runtime/check.h"

namespace otpgate::crypto {
namespace {

constexpr char kHandleVersion = 1;
constexpr size_t kUserTypeBytesMax = 16;
constexpr size_t kPurposeBytesMax = 32;
constexpr size_t kIdentifierBytesMax = 254;
constexpr size_t kOtpIdBytes = 24;
constexpr size_t kHandleBytesMax = 1 + (1 + 16) + kGcmNonceBytes + (1 + kUserTypeBytesMax) +
                                   (1 + kPurposeBytesMax) + (1 + kIdentifierBytesMax) +
                                   (1 + kOtpIdBytes) + kGcmTagBytes;
static_assert((kHandleBytesMax * 8 + 5) / 6 <= kHandleTextBytesMax);

std::string Pack(const HandleContent& content) {
  std::string packed;
  AppendShort(packed, content.user_type);
  AppendShort(packed, content.purpose);
  AppendShort(packed, content.identifier);
  AppendShort(packed, content.otp_id);
  return packed;
}

std::optional<HandleContent> Unpack(absl::string_view packed) {
  Unpacker unpacker(packed);
  const auto user_type = unpacker.TakeShort();
  const auto purpose = unpacker.TakeShort();
  const auto identifier = unpacker.TakeShort();
  const auto otp_id = unpacker.TakeShort();
  if (!otp_id || !unpacker.rest().empty()) return std::nullopt;
  return HandleContent{std::string(*user_type), std::string(*purpose), std::string(*identifier),
                       std::string(*otp_id)};
}

}  // namespace

Handles::Handles(const Keyring& handle_keys)
    : seal_keys_(handle_keys.Derive("otpgate handle seal 1")),
      nonce_keys_(handle_keys.Derive("otpgate handle nonce 1")) {}

std::string Handles::Seal(const HandleContent& content) const {
  OTPGATE_CHECK(content.user_type.size() <= kUserTypeBytesMax);
  OTPGATE_CHECK(content.purpose.size() <= kPurposeBytesMax);
  OTPGATE_CHECK(content.identifier.size() <= kIdentifierBytesMax);
  OTPGATE_CHECK(content.otp_id.size() == kOtpIdBytes);
  const Keyring::Key& key = seal_keys_.active();
  const std::string header = PackHeader(kHandleVersion, key.id);
  const std::string packed = Pack(content);
  const std::string nonce =
      HmacSha256(nonce_keys_.active().secret.Reveal(), packed).substr(0, kGcmNonceBytes);
  return Base64UrlEncode(
      absl::StrCat(header, nonce, AesGcmEncrypt(key.secret.Reveal(), nonce, header, packed)));
}

std::optional<HandleContent> Handles::Open(absl::string_view text) const {
  if (text.size() > kHandleTextBytesMax) return std::nullopt;
  const std::optional<std::string> sealed = Base64UrlDecode(text);
  if (!sealed) return std::nullopt;
  Unpacker unpacker(*sealed);
  const auto version = unpacker.TakeByte();
  const auto key_id = unpacker.TakeShort();
  const auto nonce = unpacker.Take(kGcmNonceBytes);
  if (!nonce || *version != kHandleVersion) return std::nullopt;
  const Keyring::Key* key = seal_keys_.Find(*key_id);
  if (key == nullptr) return std::nullopt;
  const std::optional<std::string> packed = AesGcmDecrypt(
      key->secret.Reveal(), *nonce, PackHeader(kHandleVersion, *key_id), unpacker.rest());
  if (!packed) return std::nullopt;
  return Unpack(*packed);
}

}  // namespace otpgate::crypto
