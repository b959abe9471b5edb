#ifndef OTPGATE_TESTS_BENCH_HTTP_TRANSPORT_H_
#define OTPGATE_TESTS_BENCH_HTTP_TRANSPORT_H_

#include <memory>
#include <optional>

#include "tests/bench/transport.h"

namespace otpgate::bench {

// POSTs JSON to a port of 127.0.0.1, or GETs when there is no message, over connections that stay
// open, one per slot. The end user's address is in X-Forwarded-For, as from a proxy. Any answer
// other than 200 is UNKNOWN. One thread.
class HttpTransport final : public Transport {
 public:
  explicit HttpTransport(int port);
  ~HttpTransport() override;

  void Send(size_t slot, const LoadCall& call) override;
  std::optional<Answer> Next(absl::Duration timeout) override;

 private:
  struct Call;
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_HTTP_TRANSPORT_H_
