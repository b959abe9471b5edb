#ifndef OTPGATE_TESTS_BENCH_STORED_ROWS_H_
#define OTPGATE_TESTS_BENCH_STORED_ROWS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace otpgate::bench {

// Stores what a database with `subjects` subjects typically holds; 0: nothing. Every second subject
// has an account with one session, and a tenth of these are signed out. Every subject has a code; a
// tenth of these are pending, the others used or expired. Every tenth subject has a sent message,
// an audit event and an IP bucket. Vacuums and analyzes the tables. `connection`: a superuser's.
absl::Status StoreRows(const std::string& connection, int64_t subjects);

// How many of these rows, per subject, cleanup may remove with default settings: codes, messages,
// limits, and subjects without account and code.
inline constexpr double kExpiredRowsPerSubject = 1.55;

// The e-mail address of one of 10^10 people. Addresses of consecutive numbers are far apart in
// every index. They lie between those of the subjects that StoreRows stores and never equal them.
std::string SpreadAddress(int64_t person);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STORED_ROWS_H_
