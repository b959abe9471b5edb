#ifndef OTPGATE_SERVER_DELIVERY_COMPOSER_H_
#define OTPGATE_SERVER_DELIVERY_COMPOSER_H_

#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/delivery/letter.h"
#include "server/delivery/payload.h"
#include "server/delivery/template.h"
#include "storage/outbox.h"

namespace otpgate::delivery {

// Makes the letter of a message: opens its payload and fills in the template. The letter goes to
// the identifier of the row, to which the payload is bound. Thread-safe.
class Composer {
 public:
  // `sealer` outlives the composer.
  Composer(const MessageSealer* sealer, Templates templates)
      : sealer_(sealer), templates_(std::move(templates)) {}

  // DATA_LOSS: the payload cannot be opened ("unreadable") or the message has no template
  // ("no_template"), now or later.
  absl::StatusOr<Letter> Compose(const storage::OutgoingMessage& message, absl::Time now) const;

 private:
  const MessageSealer* const sealer_;
  const Templates templates_;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_COMPOSER_H_
