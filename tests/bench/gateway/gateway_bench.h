#ifndef OTPGATE_TESTS_BENCH_GATEWAY_GATEWAY_BENCH_H_
#define OTPGATE_TESTS_BENCH_GATEWAY_GATEWAY_BENCH_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/gateway/gateway_report.h"

namespace otpgate::bench {

struct GatewayPlan {
  std::string server_program;            // otpgate-bench-server
  std::string gateway_program;           // otpgate-gateway
  std::string nginx_program = {};        // empty: not measured
  std::string node_gateway_folder = {};  // see StartNodeGateway; empty: not measured
  std::string redis_design_folder = {};  // see RedisDesign; empty: not measured
  std::vector<int> concurrencies = {64};
  int rounds = 5;
  // A measurement ends at the first of these two limits.
  absl::Duration duration = absl::Seconds(1);
  int64_t operations = std::numeric_limits<int64_t>::max();
  int idle_connections = 10'000;
};

// Measures the same calls to the same server through otpgate-gateway and through a gateway in
// Node.js, and answers of the same size by nginx, one right after the other and in another order
// each time; then logins over gRPC, over REST and in the Redis design; at last the memory of idle
// connections. A first round is not counted. Errors are those of the first answer that was not OK,
// of the programs at their start, and of MeasureIdleMemory; INTERNAL, too, if the database does not
// hold the rows of the logins.
absl::StatusOr<GatewayReport> RunGatewayBench(const GatewayPlan& plan);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_GATEWAY_GATEWAY_BENCH_H_
