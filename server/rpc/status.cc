#include "server/rpc/status.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"

namespace otpgate::rpc {
namespace {

// A window is rounded up, so that the rate that is told is never above the real one.
void AddQuotaSize(const errors::Failure& failure, google::rpc::ErrorInfo& info) {
  auto& metadata = *info.mutable_metadata();
  metadata["quota_limit"] = absl::StrCat(failure.quota_limit);
  if (failure.quota_window <= absl::ZeroDuration()) return;
  metadata["quota_window_seconds"] =
      absl::StrCat(absl::ToInt64Seconds(absl::Ceil(failure.quota_window, absl::Seconds(1))));
}

google::rpc::ErrorInfo InfoOf(const errors::ReasonFacts& facts, const errors::Failure& failure,
                              absl::string_view call_id) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(facts.name));
  info.set_domain("otpgate");
  if (facts.detail == errors::ReasonDetail::kCallId) {
    (*info.mutable_metadata())["request_id"] = std::string(call_id);
  }
  if (facts.detail == errors::ReasonDetail::kAttemptsLeft && failure.attempts_remaining) {
    (*info.mutable_metadata())["attempts_remaining"] = absl::StrCat(*failure.attempts_remaining);
  }
  if (facts.code == absl::StatusCode::kResourceExhausted && failure.quota_limit > 0) {
    AddQuotaSize(failure, info);
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

google::rpc::BadRequest BadRequestOf(const errors::Failure& failure, size_t room) {
  google::rpc::BadRequest bad_request;
  for (const errors::Violation& violation : failure.violations) {
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

bool IsLimit(errors::Reason reason) {
  return errors::FactsOf(reason).code == absl::StatusCode::kResourceExhausted;
}

google::rpc::Status ToRpcStatus(const errors::Failure& failure, absl::string_view call_id) {
  const errors::Reason reason =
      failure.reason == errors::Reason::kUnspecified ? errors::Reason::kInternal : failure.reason;
  const errors::ReasonFacts& facts = errors::FactsOf(reason);
  google::rpc::Status status;
  status.set_code(static_cast<int>(facts.code));
  status.set_message(std::string(facts.message));
  status.add_details()->PackFrom(InfoOf(facts, failure, call_id));
  if (facts.retry_after > absl::ZeroDuration()) {
    status.add_details()->PackFrom(RetryOf(failure.retry_after.value_or(facts.retry_after)));
  }
  if (IsLimit(reason) && !failure.quota.empty()) {
    google::rpc::QuotaFailure quota;
    quota.add_violations()->set_subject(failure.quota);
    status.add_details()->PackFrom(quota);
  }
  if (facts.detail == errors::ReasonDetail::kViolations) {
    constexpr size_t kEnvelope = 64;  // type URL and lengths around the BadRequest
    const size_t room = kMaxStatusBytes - kEnvelope - status.ByteSizeLong();
    status.add_details()->PackFrom(BadRequestOf(failure, room));
  }
  return status;
}

}  // namespace otpgate::rpc
