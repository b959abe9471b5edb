#ifndef OTPGATE_TESTS_BENCH_BENCH_H_
#define OTPGATE_TESTS_BENCH_BENCH_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/operations.h"
#include "tests/bench/report.h"

namespace otpgate::bench {

struct BenchPlan {
  std::string server_program;            // otpgate-bench-server
  std::string redis_design_folder = {};  // see RedisDesign; empty: not measured
  std::vector<int64_t> rows = {0};       // stored subjects, one database for each number
  std::vector<int> concurrencies = {1, 16, 64, 256};
  // The concurrencies for the server without batches, which uses the first database.
  std::vector<int> single_concurrencies = {1, 16, 64, 256};
  // The concurrencies for the operations of signed-in devices.
  std::vector<int> session_concurrencies = {1, 16, 64, 256};
  bool every_rpc = false;  // false: only RPCs with a cost target, and checks of access tokens
  // The rates of the open loops, as shares of the highest rate of the closed loops.
  std::vector<double> open_loop_shares = {};
  int rounds = 1;
  // A measurement ends at the first of these two limits.
  absl::Duration duration = absl::InfiniteDuration();
  int64_t operations = std::numeric_limits<int64_t>::max();
  IdentifierKind identifiers = IdentifierKind::kEmail;
};

// Measures every operation at every concurrency on every server. Each round measures all of them,
// and measurements to be compared follow each other, so that changes of the machine affect all
// alike. A first round, of a quarter of the duration, is not counted.
//
// VerifyOtp enters the codes that the RequestOtp before it has requested. The sessions it opens are
// used for refreshes and checks of tokens. LocalVerification is measured once in each round: one
// thread, no call.
//
// INTERNAL: the databases do not hold the rows and messages that the operations leave. Other errors
// are those of the first answer that was not OK, or of PostgreSQL and the servers at their start.
absl::StatusOr<BenchReport> RunBench(const BenchPlan& plan);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_BENCH_H_
