#ifndef OTPGATE_TESTS_SUPPORT_SUMMARY_H_
#define OTPGATE_TESTS_SUPPORT_SUMMARY_H_

#include "absl/strings/string_view.h"

namespace otpgate::testing {

// Prints what a suite counted (trials, faults, violations) and appends it, whole, to the file that
// the environment variable OTPGATE_TEST_SUMMARY names, if it is set: deploy/test shows that file
// beside ctest's count. Thread-safe, also between programs. Ends the program when it cannot be
// written.
void AppendSummary(absl::string_view text);

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_SUMMARY_H_
