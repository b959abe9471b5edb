#include "server/rpc/status.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"

namespace otpgate {
namespace {

using google::rpc::Code;

// How a reason looks from outside.
struct Face {
  Code code;
  const char* message;
  absl::Duration retry_after = absl::ZeroDuration();  // when the failure names none; zero: no retry
};

constexpr absl::Duration kLater = absl::Seconds(1);

Face FaceOf(Reason reason) {
  switch (reason) {
    case Reason::kInvalidRequest:
      return {Code::INVALID_ARGUMENT, "the request breaks its documented form"};
    case Reason::kOtpInvalid:
      return {Code::FAILED_PRECONDITION, "the code is not valid"};
    case Reason::kAccountDisabled:
      return {Code::FAILED_PRECONDITION, "the account is disabled"};
    case Reason::kIdentifierTaken:
      return {Code::FAILED_PRECONDITION, "another account has this identifier"};
    case Reason::kSendLimit:
      return {Code::RESOURCE_EXHAUSTED, "too many codes for this identifier", kLater};
    case Reason::kResendCooldown:
      return {Code::RESOURCE_EXHAUSTED, "the last code was sent a moment ago", kLater};
    case Reason::kClientLimit:
      return {Code::RESOURCE_EXHAUSTED, "too many requests from this address", kLater};
    case Reason::kOverloaded:
      return {Code::RESOURCE_EXHAUSTED, "the service is busy; nothing was changed", kLater};
    case Reason::kRequestIdReused:
      return {Code::FAILED_PRECONDITION, "this request_id was used with another payload"};
    case Reason::kRequestSuperseded:
      return {Code::FAILED_PRECONDITION, "the answer to this request_id may no longer be given"};
    case Reason::kUnauthenticated:
      return {Code::UNAUTHENTICATED, "credentials are missing or wrong"};
    case Reason::kTokenInvalid:
      return {Code::UNAUTHENTICATED, "the refresh token is not valid; sign in again"};
    case Reason::kPermissionDenied:
      return {Code::PERMISSION_DENIED, "this caller may not call this method"};
    case Reason::kConflict:
      return {Code::ABORTED, "lost against other changes; nothing was changed",
              absl::Milliseconds(50)};
    case Reason::kUnavailable:
      return {Code::UNAVAILABLE, "the service is unavailable; nothing was changed", kLater};
    case Reason::kOutcomeUnknown:
      return {Code::UNKNOWN, "the change may have happened; retry with the same request_id"};
    case Reason::kDeadlineExceeded:
      return {Code::DEADLINE_EXCEEDED, "the call took too long"};
    case Reason::kInternal:
    case Reason::kUnspecified:
      break;
  }
  return {Code::INTERNAL, "internal error"};
}

google::rpc::ErrorInfo InfoOf(Reason reason, const Failure& failure, absl::string_view call_id) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(ReasonName(reason)));
  info.set_domain("otpgate");
  if (reason == Reason::kInternal) {
    (*info.mutable_metadata())["request_id"] = std::string(call_id);
  }
  if (reason == Reason::kOtpInvalid && failure.attempts_remaining) {
    (*info.mutable_metadata())["attempts_remaining"] = absl::StrCat(*failure.attempts_remaining);
  }
  return info;
}

// Rounded up, so that waiting that long is enough.
google::rpc::RetryInfo RetryOf(absl::Duration wait) {
  wait =
      absl::Ceil(std::clamp(wait, absl::Milliseconds(1), absl::Hours(24)), absl::Milliseconds(1));
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(absl::IDivDuration(wait, absl::Seconds(1), &wait));
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(wait)));
  return retry;
}

google::rpc::BadRequest BadRequestOf(const Failure& failure, size_t room) {
  google::rpc::BadRequest bad_request;
  for (const Violation& violation : failure.violations) {
    auto* field = bad_request.add_field_violations();
    field->set_field(violation.field);
    field->set_description(violation.description);
    if (bad_request.ByteSizeLong() > room) {
      bad_request.mutable_field_violations()->RemoveLast();
      break;
    }
  }
  return bad_request;
}

}  // namespace

bool IsLimit(Reason reason) { return FaceOf(reason).code == Code::RESOURCE_EXHAUSTED; }

google::rpc::Status ToRpcStatus(const Failure& failure, absl::string_view call_id) {
  const Reason reason = failure.reason == Reason::kUnspecified ? Reason::kInternal : failure.reason;
  const Face face = FaceOf(reason);
  google::rpc::Status status;
  status.set_code(face.code);
  status.set_message(face.message);
  status.add_details()->PackFrom(InfoOf(reason, failure, call_id));
  if (face.retry_after > absl::ZeroDuration()) {
    status.add_details()->PackFrom(RetryOf(failure.retry_after.value_or(face.retry_after)));
  }
  if (IsLimit(reason) && !failure.quota.empty()) {
    google::rpc::QuotaFailure quota;
    quota.add_violations()->set_subject(failure.quota);
    status.add_details()->PackFrom(quota);
  }
  if (reason == Reason::kInvalidRequest) {
    constexpr size_t kEnvelope = 64;  // type URL and lengths around the BadRequest
    const size_t room = kMaxStatusBytes - kEnvelope - status.ByteSizeLong();
    status.add_details()->PackFrom(BadRequestOf(failure, room));
  }
  return status;
}

}  // namespace otpgate
