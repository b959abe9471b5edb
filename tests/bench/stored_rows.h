#ifndef OTPGATE_TESTS_BENCH_STORED_ROWS_H_
#define OTPGATE_TESTS_BENCH_STORED_ROWS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace otpgate::bench {

// What a database has gathered by the time it holds `subjects` subjects (0: nothing is stored):
// every second one an account with one session, a tenth of which is signed out; a code each, a
// tenth of them pending, the others used or expired; for every tenth a message that left, an audit
// event and an IP bucket. Vacuumed and analyzed. `connection`: of a superuser.
absl::Status StoreRows(const std::string& connection, int64_t subjects);

// Rows of these that cleanup may remove by its defaults: codes, messages, limits, and subjects
// without an account and a code.
inline constexpr double kRowsAtRestPerSubject = 1.55;

// The address of one of 10^10 people. Those of consecutive numbers are far from each other in every
// index, and between those of stored subjects, which are none of them.
std::string SpreadAddress(int64_t person);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STORED_ROWS_H_
