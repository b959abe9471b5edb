#include "server/service/failures.h"

namespace otpgate::service {
namespace {

errors::Reason ReasonOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kResourceExhausted:
      return errors::Reason::kOverloaded;
    case absl::StatusCode::kAborted:
      return errors::Reason::kConflict;
    case absl::StatusCode::kUnavailable:
      return errors::Reason::kUnavailable;
    case absl::StatusCode::kUnknown:
      return errors::Reason::kOutcomeUnknown;
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      return errors::Reason::kDeadlineExceeded;
    default:
      return errors::Reason::kInternal;
  }
}

}  // namespace

errors::Failure FailureOf(errors::Reason reason) {
  errors::Failure failure;
  failure.reason = reason;
  return failure;
}

errors::Failure FailureFrom(const absl::Status& status) {
  errors::Failure failure = FailureOf(ReasonOf(status.code()));
  switch (failure.reason) {
    case errors::Reason::kOverloaded:
    case errors::Reason::kConflict:
    case errors::Reason::kUnavailable:
      failure.retry_after = kRetrySoon;
      break;
    default:
      break;
  }
  return failure;
}

}  // namespace otpgate::service
