#ifndef OTPGATE_SERVER_DELIVERY_PAYLOAD_H_
#define OTPGATE_SERVER_DELIVERY_PAYLOAD_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "base/random.h"
#include "server/keys/aead.h"
#include "server/runtime/current.h"
#include "storage/types.h"

namespace otpgate::delivery {

// The secret part of a message, stored sealed in `outbox.sealed`.
//
// It holds only what the row does not hold. Addressee, purpose and id of the row are bound to it as
// associated data, so a payload opens in its own row alone, and only while the row names the same
// addressee.
struct Payload {
  std::string code;    // digits
  std::string locale;  // BCP 47 tag; empty: the default

  friend bool operator==(const Payload&, const Payload&) = default;
};

// The row a payload belongs to.
struct MessageBinding {
  MessageId id;
  storage::SubjectKey subject;
  storage::Purpose purpose = storage::Purpose::kLogin;
};

// Seals payloads when messages are made and opens them when they are sent. Thread-safe if `random`
// is.
class MessageSealer {
 public:
  // `random` outlives the sealer.
  MessageSealer(const keys::Keyring& master, Random* random);

  // Uses these keys from now on.
  void UseKeys(const keys::Keyring& master);

  std::string Seal(const MessageBinding& binding, const Payload& payload) const;

  // None: forged, damaged, of another row, or the key is gone.
  std::optional<Payload> Open(const MessageBinding& binding, absl::string_view sealed) const;

 private:
  runtime::Current<keys::Sealer> sealer_;
  Random* const random_;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_PAYLOAD_H_
