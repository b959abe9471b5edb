#ifndef OTPGATE_SERVER_ERRORS_FAILURE_H_
#define OTPGATE_SERVER_ERRORS_FAILURE_H_

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "absl/time/time.h"
#include "server/errors/reason.h"

namespace otpgate::errors {

// A field of a request that breaks its documented form. Never holds the value itself.
struct Violation {
  std::string field;        // "identifier.phone_number"
  std::string description;  // "must be a phone number in E.164 form"
};

// Why a call was refused. Plain data; server/rpc turns it into google.rpc.Status.
struct Failure {
  Reason reason = Reason::kInternal;
  std::vector<Violation> violations;          // kInvalidRequest
  std::optional<absl::Duration> retry_after;  // limits, conflicts, overload, unavailability
  std::string quota;                      // limits: one of domain::kQuotas, such as "subject_sends"
  int quota_limit = 0;                    // its size: so many calls; 0: not told
  absl::Duration quota_window;            // in any so long a time; zero: not of fixed length
  std::optional<int> attempts_remaining;  // kOtpInvalid, for the holder of a valid handle
};

// The result of a use case, or why it was refused: what std::expected is in C++23. `*`, `->` and
// error() do not check which one it is, so ask first.
template <class T>
using Outcome = tl::expected<T, Failure>;

}  // namespace otpgate::errors

#endif  // OTPGATE_SERVER_ERRORS_FAILURE_H_
