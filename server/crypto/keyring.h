#ifndef OTPGATE_SERVER_CRYPTO_KEYRING_H_
#define OTPGATE_SERVER_CRYPTO_KEYRING_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/crypto/secret.h"
#include "server/runtime/random.h"

namespace otpgate::crypto {

// The root secrets of one use (peppers, handle keys, refresh keys, master key), from one file:
//
//   # a comment
//   <key id> <base64 of 32 bytes>
//
// The first key is active: new things are made with it. The others are still accepted. Rotation is
// a new first line; removing a line ends everything made with that key. Ids are 1 to 16 of
// [a-z0-9-]. Immutable, so thread-safe.
class Keyring {
 public:
  struct Key {
    std::string id;
    Secret secret;
  };

  // INVALID_ARGUMENT names the line and the fault, never the content.
  static absl::StatusOr<Keyring> Parse(absl::string_view text);

  // As Parse, the error naming the file; besides
  //   NOT_FOUND            cannot be opened or read
  //   FAILED_PRECONDITION  not a regular file, or its mode lets group or others in
  static absl::StatusOr<Keyring> LoadFile(const std::string& path);

  // A file with one fresh key. `key_id` must be a valid id.
  static std::string NewFileText(Random& random, absl::string_view key_id);

  static bool IsValidId(absl::string_view key_id);

  Keyring(Keyring&&) noexcept = default;
  Keyring& operator=(Keyring&&) noexcept = default;

  const Key& active() const { return keys_.front(); }
  // At least one, the active one first.
  const std::vector<Key>& keys() const { return keys_; }
  // Null: no such key.
  const Key* Find(absl::string_view key_id) const;

  // The same ids, each with the sub-key that HKDF gives for `label`: one root, many uses.
  Keyring Derive(absl::string_view label) const;

 private:
  explicit Keyring(std::vector<Key> keys) : keys_(std::move(keys)) {}

  std::vector<Key> keys_;  // at least one
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_KEYRING_H_
