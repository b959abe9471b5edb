#ifndef OTPGATE_SERVER_DELIVERY_CONSOLE_SENDER_H_
#define OTPGATE_SERVER_DELIVERY_CONSOLE_SENDER_H_

#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/delivery/sender.h"

namespace otpgate::delivery {

// For development: writes whole messages to `fd`, code and addressee included. The configuration
// refuses it in production.
class ConsoleSender final : public Sender {
 public:
  // `fd` outlives the sender, which does not close it, and is not the one of the log. The process
  // must ignore SIGPIPE.
  explicit ConsoleSender(int fd) : fd_(fd) {}

  std::vector<SendResult> Send(absl::Span<const Letter> letters) override;
  absl::Duration SendTimeout() const override { return absl::Seconds(1); }

 private:
  const int fd_;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_CONSOLE_SENDER_H_
