#ifndef OTPGATE_SERVER_CRYPTO_CODE_H_
#define OTPGATE_SERVER_CRYPTO_CODE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/crypto/keyring.h"
#include "server/runtime/random.h"

namespace otpgate::crypto {

// A code of `digits` (1 to 18) decimal digits, leading zeros kept, all 10^digits equally likely
// (NIST SP 800-63B-4, 3.1.3.2).
std::string GenerateCode(Random& random, int digits);

// What a code was made for. A MAC is good for exactly these four and no other row.
struct CodeBinding {
  absl::string_view purpose;
  absl::string_view identifier;
  absl::string_view user_type;
  absl::string_view otp_id;
};

// The form in which a code rests in the database: HMAC-SHA-256 under a pepper that is not there,
// over the length-prefixed binding and the code. Immutable, so thread-safe.
class CodeMac {
 public:
  struct Mac {
    std::string key_id;
    std::string bytes;
  };

  explicit CodeMac(const Keyring& peppers);

  // With the active pepper.
  Mac Compute(const CodeBinding& binding, absl::string_view code) const;

  // Whether the pepper of this id is here.
  bool Knows(absl::string_view key_id) const { return keys_.Find(key_id) != nullptr; }

  // Whether `mac` was computed for this binding and code. The time does not depend on how far the
  // code is right. False when its pepper is gone.
  bool Matches(const Mac& mac, const CodeBinding& binding, absl::string_view code) const;

 private:
  Keyring keys_;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_CODE_H_
