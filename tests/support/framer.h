#ifndef OTPGATE_TESTS_SUPPORT_FRAMER_H_
#define OTPGATE_TESTS_SUPPORT_FRAMER_H_

#include <atomic>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/support/proxy_message.h"

namespace otpgate::support {

// Splits one direction of a byte stream into messages, and keeps the bytes of an unfinished
// message. Not thread-safe.
class Framer {
 public:
  virtual ~Framer() = default;
  // The messages that are complete now, in order, without their direction.
  virtual std::vector<ProxyMessage> Add(absl::string_view bytes) = 0;
};

// The two directions of one connection, for two threads. They share only the fact that the answer
// to an SSLRequest is one byte without a frame.
struct FramerPair {
  std::unique_ptr<Framer> to_server;
  std::unique_ptr<Framer> to_client;
};
FramerPair NewFramers(Framing framing);

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_FRAMER_H_
