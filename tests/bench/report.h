#ifndef OTPGATE_TESTS_BENCH_REPORT_H_
#define OTPGATE_TESTS_BENCH_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

namespace otpgate::bench {

// One operation at one concurrency: of one round, or the medians of all.
struct Measurement {
  std::string operation;
  bool batching = true;  // false: every batch is one command
  int concurrency = 0;
  double ops_per_second = 0;
  double server_cpu_us = 0;  // per operation, user and system
  double postgres_cpu_us = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double mean_batch = 0;    // subject commands per batch; 0: there were no batches
  int64_t rows_stored = 0;  // subjects in the database at the end
};

struct BenchReport {
  std::string fsync;
  std::string synchronous_commit;
  std::vector<Measurement> measurements;  // one per operation, batching and concurrency
};

inline constexpr char kEmptyOperation[] = "Empty";

// The median of each figure over the rounds; the rows stored are those of the last one.
std::vector<Measurement> Medians(const std::vector<Measurement>& rounds);

// CPU of server and database over the server's CPU for an empty call on the same server at the same
// concurrency. 0: no empty call was measured.
double RatioToEmpty(const Measurement& one, const std::vector<Measurement>& all);

// A list of objects, and a table to read.
std::string JsonOf(const BenchReport& report);
std::string TableOf(const BenchReport& report);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_REPORT_H_
