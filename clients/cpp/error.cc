#include "otpgate/client/error.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace otpgate::client {
namespace {

void Take(const google::rpc::ErrorInfo& info, Error& error) {
  if (info.domain() != "otpgate") return;
  error.reason_name = info.reason();
  // An unknown name leaves `reason` unspecified.
  v1::ErrorReason_Parse(absl::StrCat("ERROR_REASON_", info.reason()), &error.reason);
  for (const auto& [key, value] : info.metadata()) {
    int number = 0;
    if (key == "attempts_remaining" && absl::SimpleAtoi(value, &number)) {
      error.attempts_remaining = number;
    }
    if (key == "request_id") error.incident = value;
  }
}

void Take(const google::protobuf::Any& detail, Error& error) {
  google::rpc::ErrorInfo info;
  google::rpc::RetryInfo retry;
  google::rpc::BadRequest bad_request;
  if (detail.UnpackTo(&info)) {
    Take(info, error);
  } else if (detail.UnpackTo(&retry)) {
    error.retry_after = absl::Seconds(retry.retry_delay().seconds()) +
                        absl::Nanoseconds(retry.retry_delay().nanos());
  } else if (detail.UnpackTo(&bad_request)) {
    for (const auto& violation : bad_request.field_violations()) {
      error.violations.push_back({violation.field(), violation.description()});
    }
  }
}

}  // namespace

Error ErrorOf(const grpc::Status& status) {
  Error error;
  error.code = static_cast<absl::StatusCode>(status.error_code());
  error.message = status.error_message();
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return error;
  for (const google::protobuf::Any& detail : details.details()) Take(detail, error);
  return error;
}

absl::Status ToStatus(const Error& error) {
  if (error.reason_name.empty()) return {error.code, error.message};
  return {error.code, absl::StrCat(error.reason_name, ": ", error.message)};
}

}  // namespace otpgate::client
