#ifndef OTPGATE_TESTS_BENCH_GRPC_TRANSPORT_H_
#define OTPGATE_TESTS_BENCH_GRPC_TRANSPORT_H_

#include <cstddef>
#include <memory>
#include <optional>

#include "tests/bench/transport.h"

namespace otpgate::bench {

// gRPC to a port of 127.0.0.1 over a few connections that stay open. Several, because a server
// limits the number of concurrent calls on each. One thread.
class GrpcTransport final : public Transport {
 public:
  explicit GrpcTransport(int port, size_t connections = 4);
  ~GrpcTransport() override;

  void Send(size_t slot, const LoadCall& call) override;
  std::optional<Answer> Next(absl::Duration timeout) override;

 private:
  struct Call;
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_GRPC_TRANSPORT_H_
