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
  std::string redis_design_folder = {};  // see RedisDesign; empty: it is not measured
  std::vector<int64_t> rows = {0};  // subjects stored before the first operation: a database each
  std::vector<int> concurrencies = {1, 16, 64, 256};
  // Those of them that the server without batches is measured at, on the first database.
  std::vector<int> single_concurrencies = {1, 16, 64, 256};
  // Those of them that the operations of signed-in devices are measured at.
  std::vector<int> session_concurrencies = {1, 16, 64, 256};
  bool every_rpc = false;  // false: those whose cost has a target, and checks of access tokens
  // Open loops after the closed ones: shares of the most operations per second that were seen.
  std::vector<double> open_loop_shares = {};
  int rounds = 1;
  // Each measurement ends after whichever comes first.
  absl::Duration duration = absl::InfiniteDuration();
  int64_t operations = std::numeric_limits<int64_t>::max();
  IdentifierKind identifiers = IdentifierKind::kEmail;
};

// Measures every operation at every concurrency on every server, all of them in each round and what
// is to be compared close together, so that what changes over time meets all alike. One round
// before the first, of a quarter of the duration, is not counted.
// VerifyOtp enters the codes that RequestOtp before it has asked for, and the sessions it opens are
// those that refresh and show their tokens.
//
// LocalVerification is measured once in each round: one core, no call.
//
// INTERNAL when the rows and messages are not those the operations leave; other errors are those of
// the first answer that was not OK, or of PostgreSQL and the servers at their start.
absl::StatusOr<BenchReport> RunBench(const BenchPlan& plan);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_BENCH_H_
