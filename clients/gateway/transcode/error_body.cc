#include "clients/gateway/transcode/error_body.h"

#include <google/protobuf/util/json_util.h>
#include <google/rpc/code.pb.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "clients/gateway/transcode/error_headers.h"
#include "clients/gateway/transcode/http_codes.h"
#include "otpgate/v1/errors.pb.h"
#include "otpgate/v1/options.pb.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::Any;
using google::rpc::Code;
using google::rpc::ErrorInfo;
using google::rpc::Status;
using nlohmann::ordered_json;

constexpr absl::string_view kDomain = "otpgate";  // of ErrorInfo

// What an error of gRPC itself may say.
absl::string_view PlainMessage(int code) {
  switch (code) {
    case Code::CANCELLED:
      return "the call was cancelled";
    case Code::DEADLINE_EXCEEDED:
      return "the call took too long";
    case Code::RESOURCE_EXHAUSTED:
      return "the service is busy";
    case Code::UNIMPLEMENTED:
      return "the service does not have this method";
    case Code::UNAVAILABLE:
      return "the service cannot be reached";
    case Code::UNAUTHENTICATED:
      return "credentials are missing or wrong";
    case Code::PERMISSION_DENIED:
      return "this caller may not call this method";
    default:
      return "internal error";
  }
}

// Whether a detail may go out, and has JSON: a well-formed message of google.rpc.
bool IsShown(const Any& detail) {
  std::string name;
  if (!Any::ParseAnyTypeUrl(detail.type_url(), &name) || !absl::StartsWith(name, "google.rpc.") ||
      name == "google.rpc.DebugInfo") {
    return false;
  }
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  if (type == nullptr) return false;
  const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  const std::unique_ptr<google::protobuf::Message> message(prototype->New());
  std::string text;
  return message->ParseFromString(detail.value()) &&
         google::protobuf::util::MessageToJsonString(*message, &text).ok();
}

// A name of otpgate.v1.ErrorReason without its prefix; empty if the error is not of the service.
std::string ReasonOf(const Status& error) {
  ErrorInfo info;
  for (const Any& detail : error.details()) {
    if (detail.UnpackTo(&info) && info.domain() == kDomain) return info.reason();
  }
  return "";
}

// The error as it goes out.
Status ShownError(const RpcError& error) {
  Status received;
  if (!received.ParseFromArray(error.details.data(), static_cast<int>(error.details.size()))) {
    received.Clear();
  }
  Status shown;
  shown.set_code(error.code);
  for (Any& detail : *received.mutable_details()) {
    if (!IsShown(detail)) continue;
    // The writer of JSON knows types by this prefix only.
    std::string name;
    Any::ParseAnyTypeUrl(detail.type_url(), &name);
    detail.set_type_url(absl::StrCat("type.googleapis.com/", name));
    *shown.add_details() = std::move(detail);
  }
  const bool ours = !ReasonOf(shown).empty();
  shown.set_message(std::string(ours ? error.message : PlainMessage(error.code)));
  return shown;
}

Status ShownError(const Rejection& rejection) {
  Status shown;
  shown.set_code(CodeOfStatus(rejection.http_status));
  shown.set_message(rejection.message);
  if (shown.code() != Code::INVALID_ARGUMENT) return shown;
  ErrorInfo info;
  info.set_reason("INVALID_REQUEST");
  info.set_domain(std::string(kDomain));
  shown.add_details()->PackFrom(info);
  google::rpc::BadRequest bad_request;
  for (const Violation& violation : rejection.violations) {
    auto* field = bad_request.add_field_violations();
    field->set_field(violation.field);
    field->set_description(violation.description);
  }
  if (!rejection.violations.empty()) shown.add_details()->PackFrom(bad_request);
  return shown;
}

// The HTTP status that errors.proto gives a reason of its own.
std::optional<int> StatusOfReason(absl::string_view reason) {
  const auto* value =
      v1::ErrorReason_descriptor()->FindValueByName(absl::StrCat("ERROR_REASON_", reason));
  if (value == nullptr) return std::nullopt;
  const int status = value->options().GetExtension(v1::http_status);
  return status == 0 ? std::nullopt : std::optional<int>(status);
}

std::string StatusJson(const Status& error) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string text;
  if (google::protobuf::util::MessageToJsonString(error, &text, options).ok()) return text;
  return ordered_json{{"code", error.code()}, {"message", ""}, {"details", ordered_json::array()}}
      .dump();
}

std::string ProblemJson(const Status& error, int http_status) {
  const ordered_json status = ordered_json::parse(StatusJson(error), nullptr, false);
  const std::string reason = ReasonOf(error);
  ordered_json problem{
      {"type", reason.empty() ? "about:blank" : absl::StrCat("urn:otpgate:reason:", reason)},
      {"title", std::string(StatusTitle(http_status))},
      {"status", http_status},
      {"detail", status["message"]},
      {"code", status["code"]}};
  if (!reason.empty()) problem["reason"] = reason;
  problem["details"] = status["details"];
  return problem.dump();
}

HttpError Write(const Status& error, int http_status, const ErrorStyle& style) {
  HttpError written;
  written.status = http_status;
  written.content_type = style.problem_json ? "application/problem+json" : "application/json";
  written.body = style.problem_json ? ProblemJson(error, http_status) : StatusJson(error);
  written.headers = ErrorHeaders(error, http_status, style.token_sent);
  return written;
}

}  // namespace

HttpError ErrorOf(const RpcError& error, const ErrorStyle& style) {
  const Status shown = ShownError(error);
  return Write(shown, StatusOfReason(ReasonOf(shown)).value_or(HttpStatusOf(error.code)), style);
}

std::string ReasonOf(const RpcError& error) { return ReasonOf(ShownError(error)); }

HttpError ErrorOf(const Rejection& rejection, const ErrorStyle& style) {
  HttpError error = Write(ShownError(rejection), rejection.http_status, style);
  if (!rejection.allow.empty()) {
    error.headers.emplace_back("Allow", absl::StrJoin(rejection.allow, ", "));
  }
  return error;
}

}  // namespace otpgate::gateway
