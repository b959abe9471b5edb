#ifndef OTPGATE_TESTS_BENCH_EFFECT_H_
#define OTPGATE_TESTS_BENCH_EFFECT_H_

#include <cstdint>

#include "absl/status/status.h"
#include "tests/bench/system_under_test.h"

namespace otpgate::bench {

// What one operation adds to the database.
struct Effect {
  int subjects = 0;
  int sessions = 0;
  int rotations = 0;
};

// INTERNAL: so many operations did not leave these rows, or not one message per new subject.
absl::Status CheckGrowth(const RowCounts& before, const RowCounts& after, const Effect& effect,
                         int64_t operations);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_EFFECT_H_
