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
  int64_t expired = 10'000'000;  // rows at rest at the start, of all kinds together
  double logins_per_second = 50;
  absl::Duration window = absl::Seconds(10);
  int rounds = 6;                               // of two windows each
  absl::Duration patience = absl::Minutes(60);  // for the rest of the rows, after the rounds
  int64_t codes = 1'000'000;                    // asked for and entered, then on fresh tables
  int64_t codes_per_person = 10;
};

struct CleaningReport {
  int64_t subjects = 0;  // stored, with all that belongs to them
  double logins_per_second = 0;
  PairedRounds logins;        // with and without cleanup at work
  int64_t paced_removed = 0;  // of these rounds, at a server's pace
  double paced_seconds = 0;   // that cleanup was at work
  int64_t removed = 0;        // of all, the rest without pauses
  double seconds = 0;
  bool complete = false;  // every row at rest was removed
  std::vector<TableHealth> after_cleaning;
  int64_t codes = 0;
  std::vector<TableHealth> after_codes;
};

// People sign in in an open loop on a database full of rows at rest, in turns with and without
// cleanup at work; then until the last row is removed, which cleanup does without pauses. Then, on
// fresh tables, people sign in over and over, which shows what updates make of the tables. Errors
// are those of PostgreSQL, the servers, cleanup, and the first refused call.
absl::StatusOr<CleaningReport> MeasureCleaning(const CleaningPlan& plan);

std::string JsonOf(const CleaningReport& report);
std::string TextOf(const CleaningReport& report);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_CLEANING_H_
