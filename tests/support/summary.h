#ifndef OTPGATE_TESTS_SUPPORT_SUMMARY_H_
#define OTPGATE_TESTS_SUPPORT_SUMMARY_H_

#include "absl/strings/string_view.h"

namespace otpgate::support {

// Prints the counts of a suite (trials, faults, violations) and appends them in one write to the
// file named by the environment variable OTPGATE_TEST_SUMMARY, if it is set. deploy/test shows that
// file beside the count of ctest. Thread-safe, also between programs. Ends the program when the
// file cannot be written.
void AppendSummary(absl::string_view text);

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_SUMMARY_H_
