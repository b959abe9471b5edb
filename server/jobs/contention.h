#ifndef OTPGATE_SERVER_JOBS_CONTENTION_H_
#define OTPGATE_SERVER_JOBS_CONTENTION_H_

#include "absl/status/status.h"

namespace otpgate {

// Lost against somebody else who wanted the same rows at the same moment; nothing happened.
inline bool IsContention(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsDeadlineExceeded(status);
}

// What lost is worth another try, but not for ever.
inline constexpr int kContentionTries = 5;

}  // namespace otpgate

#endif  // OTPGATE_SERVER_JOBS_CONTENTION_H_
