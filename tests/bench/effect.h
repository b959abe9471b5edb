#ifndef OTPGATE_TESTS_BENCH_EFFECT_H_
#define OTPGATE_TESTS_BENCH_EFFECT_H_

#include <cstdint>

#include "absl/status/status.h"
#include "tests/bench/database_under_test.h"

namespace otpgate::bench {

// The number of rows or changes that one operation adds to the database.
struct Effect {
  int subjects = 0;
  int messages = 0;
  int resends = 0;  // of these messages: each may replace an unsent one
  int sessions = 0;
  int revoked = 0;    // sessions
  int sign_outs = 0;  // of all devices
  int rotations = 0;
};

// The rows that a database must hold if every operation since the start had its effect. One thread.
class Ledger {
 public:
  explicit Ledger(const RowCounts& start)
      : expected_(start), messages_(start.sent + start.dropped) {}

  void Add(const Effect& effect, int64_t operations);
  const RowCounts& expected() const { return expected_; }

  // INTERNAL: `actual` differs from the expected rows, or there is not one message per code.
  absl::Status Check(const RowCounts& actual) const;

 private:
  RowCounts expected_;  // `sent` and `dropped` as at the start
  int64_t messages_;
  int64_t dropped_at_most_ = 0;  // since the start: codes that may be used or superseded unsent
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_EFFECT_H_
