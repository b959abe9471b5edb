#ifndef OTPGATE_SERVER_AUTH_FAILURES_H_
#define OTPGATE_SERVER_AUTH_FAILURES_H_

#include "absl/status/status.h"
#include "server/errors/failure.h"

namespace otpgate {

// How long to wait before trying again what lost a race or found the service busy.
inline constexpr absl::Duration kRetrySoon = absl::Milliseconds(500);

Failure FailureOf(Reason reason);

// An engine's status as the caller sees it.
Failure FailureFrom(const absl::Status& status);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_FAILURES_H_
