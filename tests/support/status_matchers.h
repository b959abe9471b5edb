#ifndef OTPGATE_TESTS_SUPPORT_STATUS_MATCHERS_H_
#define OTPGATE_TESTS_SUPPORT_STATUS_MATCHERS_H_

#include <gmock/gmock.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace otpgate::support {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <class T>
const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

MATCHER_P(StatusIs, code, "has the status " + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

}  // namespace otpgate::support

#define ASSERT_OK(expression) ASSERT_THAT((expression), ::otpgate::support::IsOk())
#define EXPECT_OK(expression) EXPECT_THAT((expression), ::otpgate::support::IsOk())

#endif  // OTPGATE_TESTS_SUPPORT_STATUS_MATCHERS_H_
