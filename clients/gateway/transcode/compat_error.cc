#include "clients/gateway/transcode/compat_error.h"

#include <google/rpc/error_details.pb.h>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace otpgate::gateway {
namespace {

using nlohmann::ordered_json;

constexpr int kBadRequest = 400;
constexpr int kUnauthorized = 401;
constexpr int kNotFound = 404;
constexpr int kUnprocessable = 422;
constexpr int kTooManyRequests = 429;
constexpr int kNotImplemented = 501;

google::rpc::BadRequest BadRequestOf(const google::rpc::Status& error) {
  google::rpc::BadRequest bad_request;
  for (const google::protobuf::Any& detail : error.details()) {
    if (detail.UnpackTo(&bad_request)) break;
  }
  return bad_request;
}

// "phone_number: must be ..."
std::string Listed(const google::rpc::BadRequest& bad_request) {
  std::string text;
  for (const auto& violation : bad_request.field_violations()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", violation.field(), ": ",
                    violation.description());
  }
  return text;
}

// As FastAPI tells it.
ordered_json DetailsOf(const google::rpc::BadRequest& bad_request) {
  ordered_json details = ordered_json::array();
  for (const auto& violation : bad_request.field_violations()) {
    details.push_back({{"loc", {"body", violation.field()}},
                       {"msg", violation.description()},
                       {"type", "value_error"}});
  }
  return details;
}

std::string TextOf(v1::CompatForm form, const google::rpc::Status& error, int http_status,
                   absl::string_view reason, bool token_sent) {
  if (reason == "OTP_INVALID") {
    return form == v1::COMPAT_FORM_ERROR ? "OTP expired" : "Invalid OTP";
  }
  if (http_status == kTooManyRequests) return "Too many requests";
  if (http_status == kUnauthorized) return token_sent ? "Token revoked" : "Not authenticated";
  if (http_status == kNotFound) return "Not found";
  const std::string listed = Listed(BadRequestOf(error));
  return listed.empty() ? error.message() : listed;
}

}  // namespace

v1::CompatForm CompatFormOf(const google::protobuf::MethodDescriptor* method) {
  if (method == nullptr) return v1::COMPAT_FORM_UNSPECIFIED;
  return method->options().GetExtension(v1::compat_form);
}

int CompatStatus(v1::CompatForm form, int http_status, absl::string_view reason) {
  if (http_status == kNotImplemented) return kNotFound;
  const bool malformed = http_status == kBadRequest && reason == "INVALID_REQUEST";
  if (malformed && form == v1::COMPAT_FORM_DETAIL) return kUnprocessable;
  return http_status;
}

std::string CompatBody(v1::CompatForm form, const google::rpc::Status& error, int http_status,
                       absl::string_view reason, bool token_sent) {
  const std::string text = TextOf(form, error, http_status, reason, token_sent);
  switch (form) {
    case v1::COMPAT_FORM_MESSAGE:
      return ordered_json{{"success", false}, {"message", text}}.dump();
    case v1::COMPAT_FORM_DETAIL: {
      ordered_json details = DetailsOf(BadRequestOf(error));
      return ordered_json{{"detail", details.empty() ? ordered_json(text) : std::move(details)}}
          .dump();
    }
    default:
      return ordered_json{{"error", text}}.dump();
  }
}

}  // namespace otpgate::gateway
