#ifndef OTPGATE_TESTS_BENCH_STRESS_GUESSES_H_
#define OTPGATE_TESTS_BENCH_STRESS_GUESSES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/stress/paired_rounds.h"

namespace otpgate::bench {

struct GuessesPlan {
  std::string server_program;  // otpgate-bench-server
  int64_t guesses = 10'000;    // in each round
  double guesses_per_second = 2000;
  double logins_per_second = 100;  // of other people
  int rounds = 7;
};

struct GuessesReport {
  double guesses_per_second = 0;  // offered
  double logins_per_second = 0;
  PairedRounds logins;      // with and without guesses
  int64_t guesses = 0;      // in all rounds
  int64_t denied = 0;       // of these: OTP_INVALID
  int64_t refused = 0;      // RESOURCE_EXHAUSTED: too many already waited
  int64_t failed = 0;       // anything else
  double guess_p99_ms = 0;  // of denied and refused guesses
};

// Measures logins while an attacker guesses at the code of one telephone number, whose handle he
// knows. He guesses in an open loop over his own connections; other people sign in in another open
// loop. Errors are those of PostgreSQL and the server at their start, and the first refused login.
absl::StatusOr<GuessesReport> MeasureGuesses(const GuessesPlan& plan);

std::string JsonOf(const GuessesReport& report);
std::string TextOf(const GuessesReport& report);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_GUESSES_H_
