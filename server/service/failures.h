#ifndef OTPGATE_SERVER_SERVICE_FAILURES_H_
#define OTPGATE_SERVER_SERVICE_FAILURES_H_

#include "absl/status/status.h"
#include "server/errors/failure.h"

namespace otpgate::service {

// `retry_after` of a call that lost a conflict or found the service busy or away.
inline constexpr absl::Duration kRetrySoon = absl::Milliseconds(500);

errors::Failure FailureOf(errors::Reason reason);

// Translates an engine's error to what the caller sees:
//   RESOURCE_EXHAUSTED            kOverloaded
//   ABORTED                       kConflict
//   UNAVAILABLE                   kUnavailable
//   UNKNOWN                       kOutcomeUnknown
//   DEADLINE_EXCEEDED, CANCELLED  kDeadlineExceeded
//   others                        kInternal
errors::Failure FailureFrom(const absl::Status& status);

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_FAILURES_H_
