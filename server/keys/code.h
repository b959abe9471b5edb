#ifndef OTPGATE_SERVER_KEYS_CODE_H_
#define OTPGATE_SERVER_KEYS_CODE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "base/random.h"
#include "server/keys/keyring.h"

namespace otpgate::keys {

// Generates a code of `digits` (1 to 18) decimal digits with leading zeros. All 10^digits codes are
// equally likely (NIST SP 800-63B-4, 3.1.3.2).
std::string GenerateCode(Random& random, int digits);

// What a code was made for. A MAC is valid for exactly these four values, so for no other row.
struct CodeBinding {
  absl::string_view purpose;
  absl::string_view identifier;
  absl::string_view user_type;
  absl::string_view otp_id;
};

// The form in which a code is stored in the database: an HMAC-SHA-256 over the length-prefixed
// binding and the code, keyed with a pepper that is not in the database. Immutable, so thread-safe.
class CodeMac {
 public:
  struct Mac {
    std::string key_id;
    std::string bytes;
  };

  explicit CodeMac(const Keyring& peppers);

  // With the active pepper.
  Mac Compute(const CodeBinding& binding, absl::string_view code) const;

  // Whether there is a pepper with this id.
  bool Knows(absl::string_view key_id) const { return keys_.Find(key_id) != nullptr; }

  // Whether `mac` was computed for this binding and code; false if its pepper was removed. The time
  // does not depend on how many digits are right.
  bool Matches(const Mac& mac, const CodeBinding& binding, absl::string_view code) const;

 private:
  Keyring keys_;
};

}  // namespace otpgate::keys

#endif  // OTPGATE_SERVER_KEYS_CODE_H_
