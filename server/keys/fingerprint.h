#ifndef OTPGATE_SERVER_KEYS_FINGERPRINT_H_
#define OTPGATE_SERVER_KEYS_FINGERPRINT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/keys/keyring.h"

namespace otpgate::keys {

// Tells whether two requests with one request_id have the same payload, without storing the
// payload. The payload contains the code, so a plain hash could be guessed: fingerprints are HMACs
// with a key. Immutable, so thread-safe.
class Fingerprints {
 public:
  explicit Fingerprints(const Keyring& root);

  // The fingerprints of `payload` by every key, the active key first. Store the first one. A
  // payload is the same if any of its fingerprints equals the stored one, so fingerprints survive a
  // key rotation. `payload` must be canonical: equal requests have equal bytes.
  std::vector<std::string> Compute(absl::string_view payload) const;

 private:
  Keyring keys_;
};

}  // namespace otpgate::keys

#endif  // OTPGATE_SERVER_KEYS_FINGERPRINT_H_
