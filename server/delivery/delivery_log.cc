#include "server/delivery/delivery_log.h"

#include "absl/strings/ascii.h"
#include "base/crypto/base64url.h"
#include "server/runtime/mask.h"

namespace otpgate::delivery {
namespace {

constexpr size_t kShortTextMax = 100;

}  // namespace

void LogMessage(Log& log, LogLevel level, absl::string_view event,
                const storage::OutgoingMessage& message, absl::string_view detail) {
  log.Write(level, event,
            {{"identifier", runtime::MaskIdentifier(message.key.identifier)},
             {"user_type", NameOf(message.user_type)},
             {"purpose", NameOf(message.purpose)},
             {"channel", NameOf(message.channel)},
             {"message_id", crypto::Base64UrlEncode(message.key.id.bytes)},
             {"generation", message.generation},
             {"detail", detail}});
}

void LogDropped(Log& log, const storage::DroppedMessage& message) {
  log.Info("OTP_MESSAGE_DROPPED", {{"identifier", runtime::MaskIdentifier(message.key.identifier)},
                                   {"purpose", NameOf(message.purpose)},
                                   {"channel", NameOf(message.channel)},
                                   {"message_id", crypto::Base64UrlEncode(message.key.id.bytes)},
                                   {"reason", NameOf(message.reason)}});
}

void LogFenced(Log& log, const storage::DeliveryResult& result) {
  log.Warning("OTP_MESSAGE_FENCED", {{"identifier", runtime::MaskIdentifier(result.key.identifier)},
                                     {"message_id", crypto::Base64UrlEncode(result.key.id.bytes)},
                                     {"generation", result.generation}});
}

std::string ShortText(absl::string_view text) {
  std::string out(text.substr(0, kShortTextMax));
  for (char& c : out) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) c = '?';
  }
  return out;
}

}  // namespace otpgate::delivery
