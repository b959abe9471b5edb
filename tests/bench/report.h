#ifndef OTPGATE_TESTS_BENCH_REPORT_H_
#define OTPGATE_TESTS_BENCH_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace otpgate::bench {

// The figures of one operation at one concurrency: of one round, or medians over all rounds.
// Figures without a meaning for the operation are not set.
struct Measurement {
  std::string operation;
  std::optional<bool> batching = {};              // false: every batch is one command
  std::optional<int64_t> rows_at_start = {};      // stored subjects before the first operation
  int concurrency = 0;                            // of an open loop: the maximum
  std::optional<double> offered_per_second = {};  // of an open loop
  double ops_per_second = 0;
  std::optional<double> server_cpu_us = {};  // per operation, user and system
  std::optional<double> postgres_cpu_us = {};
  std::optional<double> redis_cpu_us = {};
  std::optional<double> local_cpu_us = {};  // of the calling program, for operations without a call
  double p50_ms = 0;
  double p99_ms = 0;
  std::optional<double> mean_batch = {};    // commands per batch; 0: no batches
  std::optional<int64_t> rows_stored = {};  // stored subjects at the end
};

struct BenchReport {
  std::string fsync;
  std::string synchronous_commit;
  std::vector<Measurement> measurements;  // one per operation, batching and concurrency
};

inline constexpr char kEmptyOperation[] = "Empty";
inline constexpr char kLogin[] = "login";
inline constexpr char kLoginAgain[] = "loginAgain";  // of people with an account
inline constexpr char kRedisDesignLogin[] = "redis_design_login";
inline constexpr char kLocalVerification[] = "LocalVerification";

// The middle one of `values`, or the mean of the two middle ones. Not empty.
double Median(std::vector<double> values);
// Rounds to a thousandth, as figures are written to JSON.
double Rounded(double value);

// The median of each figure over the rounds. rows_stored is that of the last round.
std::vector<Measurement> Medians(const std::vector<Measurement>& rounds);

// The CPU time of server and database, divided by that of the server for an empty call on the same
// server at the same concurrency and rate. Nothing: one of them was not measured.
std::optional<double> RatioToEmpty(const Measurement& one, const std::vector<Measurement>& all);

// For a login in a closed loop with batches: the CPU time of server and database, divided by that
// of Node.js and Redis at the same concurrency. Nothing: one of them was not measured.
std::optional<double> RatioToRedisDesign(const Measurement& one,
                                         const std::vector<Measurement>& all);

// JsonOf: a list of objects with the same fields, null if not set. TableOf: a table to read.
std::string JsonOf(const BenchReport& report);
std::string TableOf(const BenchReport& report);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_REPORT_H_
