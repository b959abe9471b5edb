#ifndef OTPGATE_TESTS_BENCH_GATEWAY_GATEWAY_REPORT_H_
#define OTPGATE_TESTS_BENCH_GATEWAY_GATEWAY_REPORT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/report.h"

namespace otpgate::bench {

inline constexpr char kRestLogin[] = "rest_login";  // login over the gateway

// CPU time of the process that answers HTTP, per call, user and system: of one round, or medians
// over all rounds. Not set: not measured.
struct CallCost {
  std::string operation;
  int concurrency = 0;
  size_t reply_bytes = 0;
  double gateway_us = 0;
  std::optional<double> nginx_us = {};
  std::optional<double> node_us = {};
};

// Of a login over REST, per login.
struct LoginCost {
  int concurrency = 0;
  double gateway_us = 0;
  double server_us = 0;
  double postgres_us = 0;
  double grpc_us = 0;                          // of server and PostgreSQL for a login over gRPC
  std::optional<double> redis_design_us = {};  // of Node.js and Redis for a login there

  double all_us() const { return gateway_us + server_us + postgres_us; }
};

// Resident memory of a gateway in MiB, without and with connections that are idle after one call.
struct IdleMemory {
  bool tls = false;
  int connections = 0;
  double before_mb = 0;
  double after_mb = 0;
};

struct GatewayReport {
  int rounds = 0;
  std::vector<CallCost> calls = {};  // one for each operation and concurrency
  std::vector<LoginCost> logins = {};
  std::vector<IdleMemory> idle = {};
};

// The median of each figure over the rounds, in the order of the first round.
std::vector<CallCost> Medians(const std::vector<CallCost>& rounds);

// `all`: medians, with kLogin, kRestLogin and maybe kRedisDesignLogin. `gateway_us`: of the gateway
// per login.
LoginCost LoginCostIn(const std::vector<Measurement>& all, int concurrency, double gateway_us);

std::string JsonOf(const GatewayReport& report);
std::string TextOf(const GatewayReport& report);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_GATEWAY_GATEWAY_REPORT_H_
