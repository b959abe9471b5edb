#ifndef OTPGATE_SERVER_CRYPTO_KEYRING_H_
#define OTPGATE_SERVER_CRYPTO_KEYRING_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/crypto/key_file.h"
#include "server/crypto/secret.h"
#include "server/runtime/random.h"

namespace otpgate::crypto {

// The root secrets of one use at one moment, from a KeyFile: the active one, others that are
// accepted, and retired ones. Removing a line ends everything made with that key. Immutable, so
// thread-safe.
class Keyring {
 public:
  struct Key {
    std::string id;
    Secret secret;
  };

  // FAILED_PRECONDITION: no key is active at `now`.
  static absl::StatusOr<Keyring> At(const KeyFile& file, absl::Time now);

  // At the end of time: every key is in force. Errors of KeyFile::Parse and KeyFile::Load.
  static absl::StatusOr<Keyring> Parse(absl::string_view text);
  static absl::StatusOr<Keyring> LoadFile(const std::string& path);

  // A file with one fresh key. `key_id` must be a valid id.
  static std::string NewFileText(Random& random, absl::string_view key_id) {
    return KeyFile::NewText(random, key_id);
  }

  Keyring(Keyring&&) noexcept = default;
  Keyring& operator=(Keyring&&) noexcept = default;

  const Key& active() const { return keys_.front(); }
  // At least one, the active one first; no retired ones.
  const std::vector<Key>& keys() const { return keys_; }
  // Null: no such key, or a retired one.
  const Key* Find(absl::string_view key_id) const { return FindIn(keys_, key_id); }
  // Null: no such key, or one that is not retired.
  const Key* FindRetired(absl::string_view key_id) const { return FindIn(retired_, key_id); }

  // The same ids, each with the sub-key that HKDF gives for `label`: one root, many uses.
  Keyring Derive(absl::string_view label) const;

 private:
  Keyring(std::vector<Key> keys, std::vector<Key> retired)
      : keys_(std::move(keys)), retired_(std::move(retired)) {}
  static const Key* FindIn(const std::vector<Key>& keys, absl::string_view key_id);

  std::vector<Key> keys_;  // at least one
  std::vector<Key> retired_;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_KEYRING_H_
