#ifndef OTPGATE_SERVER_CRYPTO_FINGERPRINT_H_
#define OTPGATE_SERVER_CRYPTO_FINGERPRINT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/crypto/keyring.h"
#include "server/crypto/secret.h"

namespace otpgate::crypto {

// Tells whether two requests with one id had the same payload, without keeping the payload: it
// holds the code, hence the key.
// Immutable, so thread-safe.
class Fingerprints {
 public:
  explicit Fingerprints(const Keyring& root);

  // By every key, the active one first: that one is kept, and any of them that equals a kept one
  // tells that the payload was the same, so that rotation does no harm. `payload` must be
  // canonical: equal requests, equal bytes.
  std::vector<std::string> Compute(absl::string_view payload) const;

 private:
  Keyring keys_;
};

// Stands for an identifier in log lines, to tell which belong together: 16 hex digits, not to be
// turned back by trying all phone numbers without the key. Immutable, so thread-safe.
class LogHash {
 public:
  explicit LogHash(const Keyring& root);

  std::string Of(absl::string_view identifier) const;

 private:
  Secret key_;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_FINGERPRINT_H_
