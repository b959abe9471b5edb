#ifndef OTPGATE_TESTS_BENCH_REPORT_H_
#define OTPGATE_TESTS_BENCH_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace otpgate::bench {

// One operation at one concurrency: of one round, or the medians of all. What has no meaning for an
// operation is not set.
struct Measurement {
  std::string operation;
  std::optional<bool> batching = {};              // false: every batch is one command
  std::optional<int64_t> rows_at_start = {};      // subjects before the first operation
  int concurrency = 0;                            // of an open loop: at most
  std::optional<double> offered_per_second = {};  // of an open loop
  double ops_per_second = 0;
  std::optional<double> server_cpu_us = {};  // per operation, user and system
  std::optional<double> postgres_cpu_us = {};
  std::optional<double> redis_cpu_us = {};
  std::optional<double> local_cpu_us = {};  // of the caller, where there is no call
  double p50_ms = 0;
  double p99_ms = 0;
  std::optional<double> mean_batch = {};    // commands per batch; 0: there were no batches
  std::optional<int64_t> rows_stored = {};  // subjects in the database at the end
};

struct BenchReport {
  std::string fsync;
  std::string synchronous_commit;
  std::vector<Measurement> measurements;  // one per operation, batching and concurrency
};

inline constexpr char kEmptyOperation[] = "Empty";
inline constexpr char kLogin[] = "login";
inline constexpr char kLoginAgain[] = "loginAgain";  // of somebody with an account
inline constexpr char kRedisDesignLogin[] = "redis_design_login";
inline constexpr char kLocalVerification[] = "LocalVerification";

// Of `values`, not empty: the middle one, or the mean of the two.
double Median(std::vector<double> values);
// As figures stand in JSON: to a thousandth.
double Rounded(double value);

// The median of each figure over the rounds; the rows stored are those of the last one.
std::vector<Measurement> Medians(const std::vector<Measurement>& rounds);

// CPU of server and database over the server's CPU for an empty call on the same server at the same
// concurrency and rate. Nothing when either was not measured.
std::optional<double> RatioToEmpty(const Measurement& one, const std::vector<Measurement>& all);

// Of a login in a closed loop with batches: the CPU of server and database over that of Node.js and
// Redis for one at the same concurrency. Nothing when either was not measured.
std::optional<double> RatioToRedisDesign(const Measurement& one,
                                         const std::vector<Measurement>& all);

// A list of objects with the same fields, null where not set; and a table to read.
std::string JsonOf(const BenchReport& report);
std::string TableOf(const BenchReport& report);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_REPORT_H_
