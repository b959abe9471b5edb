#include "server/crypto/fingerprint.h"

#include "absl/strings/escaping.h"
#include "server/crypto/hmac.h"
#include "server/crypto/packing.h"

namespace otpgate::crypto {
namespace {

constexpr size_t kLogHashBytes = 8;

}  // namespace

Fingerprints::Fingerprints(const Keyring& root)
    : keys_(root.Derive("otpgate request fingerprint 1")) {}

std::vector<std::string> Fingerprints::Compute(absl::string_view payload) const {
  std::vector<std::string> fingerprints;
  for (const Keyring::Key& key : keys_.keys()) {
    std::string& fingerprint = fingerprints.emplace_back();
    AppendShort(fingerprint, key.id);
    fingerprint += HmacSha256(key.secret.Reveal(), payload);
  }
  return fingerprints;
}

LogHash::LogHash(const Keyring& root)
    : key_(HkdfSha256(root.active().secret.Reveal(), "otpgate log hash 1", kSha256Bytes)) {}

std::string LogHash::Of(absl::string_view identifier) const {
  return absl::BytesToHexString(HmacSha256(key_.Reveal(), identifier).substr(0, kLogHashBytes));
}

}  // namespace otpgate::crypto
