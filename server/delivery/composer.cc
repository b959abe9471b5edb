#include "server/delivery/composer.h"

#include <optional>

namespace otpgate::delivery {

absl::StatusOr<Letter> Composer::Compose(const storage::OutgoingMessage& message,
                                         absl::Time now) const {
  const MessageBinding binding{.id = message.key.id,
                               .subject = {message.key.identifier, message.user_type},
                               .purpose = message.purpose};
  std::optional<Payload> payload = sealer_->Open(binding, message.sealed);
  if (!payload) return absl::DataLossError("unreadable");
  absl::StatusOr<Text> text = templates_.Render(message.channel, message.purpose, payload->locale,
                                                payload->code, message.expires_at - now);
  if (!text.ok()) return absl::DataLossError("no_template");
  return Letter{.id = message.key.id,
                .channel = message.channel,
                .purpose = message.purpose,
                .to = message.key.identifier,
                .text = *std::move(text),
                .code = std::move(payload->code)};
}

}  // namespace otpgate::delivery
