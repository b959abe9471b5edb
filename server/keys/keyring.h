#ifndef OTPGATE_SERVER_KEYS_KEYRING_H_
#define OTPGATE_SERVER_KEYS_KEYRING_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/crypto/secret.h"
#include "server/keys/key_file.h"

namespace otpgate::keys {

// The keys of a KeyFile at one moment: the active key, other accepted keys and retired keys. When a
// line is removed from the file, everything made with that key becomes invalid. Immutable, so
// thread-safe.
class Keyring {
 public:
  struct Key {
    std::string id;
    crypto::Secret secret;
  };

  // FAILED_PRECONDITION: no key is active at `now`.
  static absl::StatusOr<Keyring> At(const KeyFile& file, absl::Time now);

  // As At a time when the times of all keys have come. Errors are also those of KeyFile::Parse.
  static absl::StatusOr<Keyring> Parse(absl::string_view text);

  Keyring(Keyring&&) noexcept = default;
  Keyring& operator=(Keyring&&) noexcept = default;

  const Key& active() const { return keys_.front(); }
  // The keys that are not retired, the active one first; never empty.
  const std::vector<Key>& keys() const { return keys_; }
  // Null if there is no such key or it is retired.
  const Key* Find(absl::string_view key_id) const { return FindIn(keys_, key_id); }
  // Null if there is no such key or it is not retired.
  const Key* FindRetired(absl::string_view key_id) const { return FindIn(retired_, key_id); }

  // Derives a key for one use from each key with HKDF. `label` names the use; ids stay the same.
  Keyring Derive(absl::string_view label) const;

 private:
  Keyring(std::vector<Key> keys, std::vector<Key> retired)
      : keys_(std::move(keys)), retired_(std::move(retired)) {}
  static const Key* FindIn(const std::vector<Key>& keys, absl::string_view key_id);

  std::vector<Key> keys_;  // at least one
  std::vector<Key> retired_;
};

}  // namespace otpgate::keys

#endif  // OTPGATE_SERVER_KEYS_KEYRING_H_
