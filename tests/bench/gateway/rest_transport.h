#ifndef OTPGATE_TESTS_BENCH_GATEWAY_REST_TRANSPORT_H_
#define OTPGATE_TESTS_BENCH_GATEWAY_REST_TRANSPORT_H_

#include <optional>
#include <string>
#include <vector>

#include "tests/bench/http_transport.h"
#include "tests/bench/transport.h"

namespace otpgate::bench {

// A gRPC call as the HTTP call that its google.api.http annotation describes, for methods with a
// fixed path and either GET or POST. The message is ProtoJSON, or empty for GET.
LoadCall OverRest(const LoadCall& call);

// Makes gRPC calls over REST, on a port of 127.0.0.1: operations are the same on both ways. An
// answer that is not ProtoJSON of the reply is INTERNAL. One thread.
class RestTransport final : public Transport {
 public:
  explicit RestTransport(int port) : http_(port) {}

  void Send(size_t slot, const LoadCall& call) override;
  std::optional<Answer> Next(absl::Duration timeout) override;

 private:
  HttpTransport http_;
  std::vector<std::string> methods_;  // by slot
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_GATEWAY_REST_TRANSPORT_H_
