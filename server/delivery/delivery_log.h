#ifndef OTPGATE_SERVER_DELIVERY_DELIVERY_LOG_H_
#define OTPGATE_SERVER_DELIVERY_DELIVERY_LOG_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/runtime/log.h"
#include "storage/outbox.h"

// Log lines of messages: masked addressee, channel, purpose, id; never a payload.
namespace otpgate::delivery {

// `detail` empty: none.
void LogMessage(Log& log, LogLevel level, absl::string_view event, const OutgoingMessage& message,
                absl::string_view detail);
void LogDropped(Log& log, const DroppedMessage& message);
void LogFenced(Log& log, const Completion& completion);

// What a provider said, fit for a log line and a column: printable ASCII, at most 100 characters.
std::string ShortText(absl::string_view text);

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_DELIVERY_LOG_H_
