#ifndef OTPGATE_SERVER_CRYPTO_AEAD_H_
#define OTPGATE_SERVER_CRYPTO_AEAD_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/crypto/keyring.h"
#include "server/crypto/secret.h"
#include "server/runtime/random.h"

namespace otpgate::crypto {

// Seals what rests in the database and must not be read there (messages, signing keys):
//
//   version | key id | nonce | AES-256-GCM ciphertext | tag
//
// Nonces are 96 random bits, so one master key is good for 2^32 messages (NIST SP 800-38D, 8.3);
// rotate it before. Immutable, so thread-safe.
class Sealer {
 public:
  // `label` names the use: what one label sealed no other opens.
  Sealer(const Keyring& master, absl::string_view label);

  // With the active key. `aad` is bound but not contained: name the row, so that it cannot move.
  std::string Seal(Random& random, absl::string_view plaintext, absl::string_view aad) const;

  // None: forged, damaged, other `aad` or label, or the key is gone.
  std::optional<Secret> Open(absl::string_view sealed, absl::string_view aad) const;

 private:
  Keyring keys_;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_AEAD_H_
