#include "server/auth/failures.h"

namespace otpgate {
namespace {

Reason ReasonOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kResourceExhausted:
      return Reason::kOverloaded;
    case absl::StatusCode::kAborted:
      return Reason::kConflict;
    case absl::StatusCode::kUnavailable:
      return Reason::kUnavailable;
    case absl::StatusCode::kUnknown:
      return Reason::kOutcomeUnknown;
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      return Reason::kDeadlineExceeded;
    default:
      return Reason::kInternal;
  }
}

}  // namespace

Failure FailureOf(Reason reason) {
  Failure failure;
  failure.reason = reason;
  return failure;
}

Failure FailureFrom(const absl::Status& status) {
  Failure failure = FailureOf(ReasonOf(status.code()));
  switch (failure.reason) {
    case Reason::kOverloaded:
    case Reason::kConflict:
    case Reason::kUnavailable:
      failure.retry_after = kRetrySoon;
      break;
    default:
      break;
  }
  return failure;
}

}  // namespace otpgate
