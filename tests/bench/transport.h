#ifndef OTPGATE_TESTS_BENCH_TRANSPORT_H_
#define OTPGATE_TESTS_BENCH_TRANSPORT_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace otpgate::bench {

// A call to make: a serialized message, and the end user's address and access token, or empty.
struct LoadCall {
  std::string method;  // "package.Service/Method", or an HTTP path without the first slash
  std::string message;
  std::string client_ip = {};
  std::string bearer = {};
};

// Sends calls to a server. Calls are made in slots, counted from 0, with at most one call in flight
// in each. One thread.
class Transport {
 public:
  struct Answer {
    size_t slot = 0;
    absl::Status status;
    std::string reply;
    bool hint = false;  // a refusal says when to try again
  };

  virtual ~Transport() = default;
  virtual void Send(size_t slot, const LoadCall& call) = 0;
  // Waits for the next answer. Nothing: none arrived within this time.
  virtual std::optional<Answer> Next(absl::Duration timeout) = 0;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_TRANSPORT_H_
