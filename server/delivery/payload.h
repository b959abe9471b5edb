#ifndef OTPGATE_SERVER_DELIVERY_PAYLOAD_H_
#define OTPGATE_SERVER_DELIVERY_PAYLOAD_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/crypto/aead.h"
#include "server/runtime/current.h"
#include "server/runtime/random.h"
#include "storage/types.h"

namespace otpgate::delivery {

// The secret part of a message, as it rests in `outbox.sealed`.
//
// Only what the row does not hold anyway is inside; where the message goes and what for is bound to
// it instead, so a payload opens in its own row alone, and only while that row still names the same
// addressee.
struct Payload {
  std::string code;    // digits
  std::string locale;  // BCP 47 tag; empty: the default

  friend bool operator==(const Payload&, const Payload&) = default;
};

// The row a payload belongs to.
struct MessageBinding {
  MessageId id;
  SubjectKey subject;
  Purpose purpose = Purpose::kLogin;
};

// Seals payloads when they are born and opens them when they leave. Thread-safe if `random` is.
class MessageSealer {
 public:
  // `random` outlives the sealer.
  MessageSealer(const crypto::Keyring& master, Random* random);

  // With these keys from now on.
  void UseKeys(const crypto::Keyring& master);

  std::string Seal(const MessageBinding& binding, const Payload& payload) const;

  // None: forged, damaged, of another row, or the key is gone.
  std::optional<Payload> Open(const MessageBinding& binding, absl::string_view sealed) const;

 private:
  Current<crypto::Sealer> sealer_;
  Random* const random_;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_PAYLOAD_H_
