#include "server/keys/fingerprint.h"

#include "base/crypto/hmac.h"
#include "base/crypto/packing.h"

namespace otpgate::keys {

Fingerprints::Fingerprints(const Keyring& root)
    : keys_(root.Derive("otpgate request fingerprint 1")) {}

std::vector<std::string> Fingerprints::Compute(absl::string_view payload) const {
  std::vector<std::string> fingerprints;
  for (const Keyring::Key& key : keys_.keys()) {
    std::string& fingerprint = fingerprints.emplace_back();
    crypto::AppendShort(fingerprint, key.id);
    fingerprint += crypto::HmacSha256(key.secret.Reveal(), payload);
  }
  return fingerprints;
}

}  // namespace otpgate::keys
