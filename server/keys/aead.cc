#include "server/keys/aead.h"

#include "absl/strings/str_cat.h"
#include "base/crypto/aes_gcm.h"
#include "base/crypto/packing.h"

namespace otpgate::keys {
namespace {

constexpr char kSealVersion = 1;

// Part of the additional data, so that version and key id cannot be changed either.
std::string SealHeader(absl::string_view key_id) {
  return crypto::PackHeader(kSealVersion, key_id);
}

}  // namespace

Sealer::Sealer(const Keyring& master, absl::string_view label)
    : keys_(master.Derive(absl::StrCat("otpgate seal 1 ", label))) {}

std::string Sealer::Seal(Random& random, absl::string_view plaintext, absl::string_view aad) const {
  const Keyring::Key& key = keys_.active();
  const std::string header = SealHeader(key.id);
  std::string nonce(crypto::kGcmNonceBytes, '\0');
  random.Fill(nonce.data(), nonce.size());
  return absl::StrCat(
      header, nonce,
      crypto::AesGcmEncrypt(key.secret.Reveal(), nonce, absl::StrCat(header, aad), plaintext));
}

std::optional<crypto::Secret> Sealer::Open(absl::string_view sealed, absl::string_view aad) const {
  crypto::Unpacker unpacker(sealed);
  const auto version = unpacker.TakeByte();
  const auto key_id = unpacker.TakeShort();
  const auto nonce = unpacker.Take(crypto::kGcmNonceBytes);
  if (!nonce || *version != kSealVersion) return std::nullopt;
  const Keyring::Key* key = keys_.Find(*key_id);
  if (key == nullptr) return std::nullopt;
  std::optional<std::string> plaintext = crypto::AesGcmDecrypt(
      key->secret.Reveal(), *nonce, absl::StrCat(SealHeader(*key_id), aad), unpacker.rest());
  if (!plaintext) return std::nullopt;
  crypto::Secret secret(*plaintext);
  crypto::Cleanse(plaintext->data(), plaintext->size());
  return secret;
}

}  // namespace otpgate::keys
