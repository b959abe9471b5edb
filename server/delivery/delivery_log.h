#ifndef OTPGATE_SERVER_DELIVERY_DELIVERY_LOG_H_
#define OTPGATE_SERVER_DELIVERY_DELIVERY_LOG_H_

#include <string>

#include "absl/strings/string_view.h"
#include "base/log.h"
#include "storage/outbox.h"

// Log lines about messages: the addressee is masked, and the payload is never part of them.
namespace otpgate::delivery {

// `detail` empty: none.
void LogMessage(Log& log, LogLevel level, absl::string_view event,
                const storage::OutgoingMessage& message, absl::string_view detail);
void LogDropped(Log& log, const storage::DroppedMessage& message);
void LogFenced(Log& log, const storage::DeliveryResult& result);

// Text from a provider, made fit for a log line and a column: printable ASCII, at most 100
// characters.
std::string ShortText(absl::string_view text);

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_DELIVERY_LOG_H_
