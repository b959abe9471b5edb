#include "server/keys/keyring.h"

#include <algorithm>

#include "base/crypto/hmac.h"
#include "base/status_macros.h"

namespace otpgate::keys {
namespace {

constexpr size_t kDerivedKeyBytes = 32;

std::vector<Keyring::Key> DeriveAll(const std::vector<Keyring::Key>& keys,
                                    absl::string_view label) {
  std::vector<Keyring::Key> derived;
  derived.reserve(keys.size());
  for (const Keyring::Key& key : keys) {
    derived.push_back({key.id, crypto::HkdfSha256(key.secret.Reveal(), label, kDerivedKeyBytes)});
  }
  return derived;
}

}  // namespace

absl::StatusOr<Keyring> Keyring::At(const KeyFile& file, absl::Time now) {
  const KeyFile::Line* active = file.Active(now);
  if (active == nullptr) return absl::FailedPreconditionError("no key is active");
  std::vector<Key> keys;
  std::vector<Key> retired;
  keys.push_back({active->id, crypto::Secret(active->secret.Reveal())});
  for (const KeyFile::Line& line : file.lines()) {
    if (&line == active) continue;
    (line.retired ? retired : keys).push_back({line.id, crypto::Secret(line.secret.Reveal())});
  }
  return Keyring(std::move(keys), std::move(retired));
}

absl::StatusOr<Keyring> Keyring::Parse(absl::string_view text) {
  OTPGATE_ASSIGN_OR_RETURN(const KeyFile file, KeyFile::Parse(text));
  return At(file, absl::InfiniteFuture());
}

const Keyring::Key* Keyring::FindIn(const std::vector<Key>& keys, absl::string_view key_id) {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [key_id](const Key& key) { return key.id == key_id; });
  return found == keys.end() ? nullptr : &*found;
}

Keyring Keyring::Derive(absl::string_view label) const {
  return Keyring(DeriveAll(keys_, label), DeriveAll(retired_, label));
}

}  // namespace otpgate::keys
