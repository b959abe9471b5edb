#ifndef OTPGATE_TESTS_SUPPORT_FRAMER_H_
#define OTPGATE_TESTS_SUPPORT_FRAMER_H_

#include <atomic>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/support/proxy_message.h"

namespace otpgate::testing {

// Cuts one direction of a byte stream into messages. Bytes of an unfinished message wait inside.
// Not thread-safe.
class Framer {
 public:
  virtual ~Framer() = default;
  // The messages that are complete now, in order; their direction is for the caller to set.
  virtual std::vector<ProxyMessage> Add(absl::string_view bytes) = 0;
};

// The two directions of one connection. They may be used by two threads: the only thing they share
// is that an SSLRequest is answered by a single bare byte.
struct FramerPair {
  std::unique_ptr<Framer> to_server;
  std::unique_ptr<Framer> to_client;
};
FramerPair NewFramers(Framing framing);

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_FRAMER_H_
