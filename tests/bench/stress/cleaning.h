#ifndef OTPGATE_TESTS_BENCH_STRESS_CLEANING_H_
#define OTPGATE_TESTS_BENCH_STRESS_CLEANING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/stress/paired_rounds.h"
#include "tests/bench/stress/table_health.h"

namespace otpgate::bench {

struct CleaningPlan {
  std::string server_program;    // otpgate-bench-server
  int64_t expired = 10'000'000;  // removable rows at the start, of all kinds together
  double logins_per_second = 50;
  absl::Duration window = absl::Seconds(10);
  int rounds = 6;                                    // of two windows each
  absl::Duration drain_timeout = absl::Minutes(60);  // for the remaining rows, after the rounds
  int64_t codes = 1'000'000;  // requested and entered afterwards, on fresh tables
  int64_t codes_per_person = 10;
};

struct CleaningReport {
  int64_t subjects = 0;  // stored, with all that belongs to them
  double logins_per_second = 0;
  PairedRounds logins;        // with and without running cleanup
  int64_t paced_removed = 0;  // rows removed in these rounds, at a server's pace
  double paced_seconds = 0;   // that cleanup ran in these rounds
  int64_t removed = 0;        // rows removed in total
  double seconds = 0;
  bool complete = false;  // every removable row was removed
  std::vector<TableHealth> after_cleaning;
  int64_t codes = 0;
  std::vector<TableHealth> after_codes;
};

// Measures logins in an open loop on a database full of removable rows, in turns with and without
// running cleanup. Then cleanup removes all remaining rows without pauses. Then people sign in
// again and again on fresh tables, which shows how updates bloat the tables. Errors are those of
// PostgreSQL, the servers and cleanup, and the first refused call.
absl::StatusOr<CleaningReport> MeasureCleaning(const CleaningPlan& plan);

std::string JsonOf(const CleaningReport& report);
std::string TextOf(const CleaningReport& report);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_CLEANING_H_
