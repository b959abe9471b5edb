#ifndef OTPGATE_SERVER_KEYS_AEAD_H_
#define OTPGATE_SERVER_KEYS_AEAD_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "base/crypto/secret.h"
#include "base/random.h"
#include "server/keys/keyring.h"

namespace otpgate::keys {

// Encrypts and authenticates values that are stored in the database but must not be readable there
// (messages, signing keys):
//
//   version | key id | nonce | AES-256-GCM ciphertext | tag
//
// Nonces are 96 random bits, so rotate a master key before it has sealed 2^32 values (NIST SP
// 800-38D, 8.3). Immutable, so thread-safe.
class Sealer {
 public:
  // `label` names the use: a value sealed with one label does not open with another.
  Sealer(const Keyring& master, absl::string_view label);

  // Seals with the active key. `aad` (additional authenticated data) is needed to open the value
  // but is not part of it: name the row, so that the value cannot be moved to another one.
  std::string Seal(Random& random, absl::string_view plaintext, absl::string_view aad) const;

  // None if the value is forged or damaged, has another `aad` or label, or its key was removed.
  std::optional<crypto::Secret> Open(absl::string_view sealed, absl::string_view aad) const;

 private:
  Keyring keys_;
};

}  // namespace otpgate::keys

#endif  // OTPGATE_SERVER_KEYS_AEAD_H_
