#include "server/crypto/fingerprint.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/crypto/hmac.h"
#include "server/crypto/packing.h"

namespace otpgate::crypto {
namespace {

constexpr size_t kLogHashBytes = 8;

}  // namespace

Fingerprints::Fingerprints(const Keyring& root)
    : keys_(root.Derive("otpgate request fingerprint 1")) {}

std::string Fingerprints::Compute(absl::string_view payload) const {
  const Keyring::Key& key = keys_.active();
  std::string fingerprint;
  AppendShort(fingerprint, key.id);
  return absl::StrCat(fingerprint, HmacSha256(key.secret.Reveal(), payload));
}

bool Fingerprints::Matches(absl::string_view fingerprint, absl::string_view payload) const {
  Unpacker unpacker(fingerprint);
  const auto key_id = unpacker.TakeShort();
  if (!key_id) return false;
  const Keyring::Key* key = keys_.Find(*key_id);
  return key != nullptr &&
         ConstantTimeEquals(HmacSha256(key->secret.Reveal(), payload), unpacker.rest());
}

LogHash::LogHash(const Keyring& root)
    : key_(HkdfSha256(root.active().secret.Reveal(), "otpgate log hash 1", kSha256Bytes)) {}

std::string LogHash::Of(absl::string_view identifier) const {
  return absl::BytesToHexString(HmacSha256(key_.Reveal(), identifier).substr(0, kLogHashBytes));
}

}  // namespace otpgate::crypto
