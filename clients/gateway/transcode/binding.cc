#include "clients/gateway/transcode/binding.h"

#include <google/api/annotations.pb.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace otpgate::gateway {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::MethodDescriptor;

struct Pattern {
  std::string http_method;
  std::string path;
};

absl::StatusOr<Pattern> PatternOf(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return Pattern{"GET", rule.get()};
    case HttpRule::kPut:
      return Pattern{"PUT", rule.put()};
    case HttpRule::kPost:
      return Pattern{"POST", rule.post()};
    case HttpRule::kDelete:
      return Pattern{"DELETE", rule.delete_()};
    case HttpRule::kPatch:
      return Pattern{"PATCH", rule.patch()};
    case HttpRule::kCustom:
      return Pattern{rule.custom().kind(), rule.custom().path()};
    case HttpRule::PATTERN_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("the rule has no HTTP method");
}

bool IsHttpMethod(absl::string_view text) {
  return text == "*" ||
         (!text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isupper));
}

absl::Status BindVariables(const Descriptor& request, Binding& binding) {
  for (const TemplateVariable& variable : binding.path.variables) {
    absl::StatusOr<FieldPath> field = ResolveFieldPath(request, variable.field);
    if (!field.ok() || field->leaf().is_repeated()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "variable ", variable.field, " ", field.ok() ? "is repeated" : field.status().message()));
    }
    binding.bound.push_back(field->name);
    binding.variables.push_back(*std::move(field));
  }
  return absl::OkStatus();
}

absl::Status BindBody(const Descriptor& request, const std::string& body, Binding& binding) {
  if (body.empty()) return absl::OkStatus();
  if (binding.http_method == "GET" || binding.http_method == "DELETE") {
    return absl::InvalidArgumentError(absl::StrCat(binding.http_method, " cannot have a body"));
  }
  binding.whole_body = body == "*";
  if (binding.whole_body) return absl::OkStatus();
  binding.body = request.FindFieldByName(body);
  if (binding.body == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("body ", body, " is not a field"));
  }
  for (const std::string& bound : binding.bound) {
    if (IsWithin(bound, body)) {
      return absl::InvalidArgumentError(absl::StrCat("body ", body, " is set by the path"));
    }
  }
  return absl::OkStatus();
}

absl::Status BindResponse(const Descriptor& response, const std::string& body, Binding& binding) {
  if (body.empty()) return absl::OkStatus();
  binding.response = response.FindFieldByName(body);
  if (binding.response != nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("response_body ", body, " is not a field"));
}

absl::StatusOr<Binding> BindingOf(const MethodDescriptor& method, const HttpRule& rule) {
  OTPGATE_ASSIGN_OR_RETURN(Pattern pattern, PatternOf(rule));
  if (!IsHttpMethod(pattern.http_method)) {
    return absl::InvalidArgumentError("the HTTP method must be of capital letters");
  }
  Binding binding;
  binding.method = &method;
  binding.grpc_path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
  binding.http_method = std::move(pattern.http_method);
  OTPGATE_ASSIGN_OR_RETURN(binding.path, ParsePathTemplate(pattern.path));
  OTPGATE_RETURN_IF_ERROR(BindVariables(*method.input_type(), binding));
  OTPGATE_RETURN_IF_ERROR(BindBody(*method.input_type(), rule.body(), binding));
  OTPGATE_RETURN_IF_ERROR(BindResponse(*method.output_type(), rule.response_body(), binding));
  return binding;
}

absl::StatusOr<std::vector<Binding>> BindingsOfRule(const MethodDescriptor& method,
                                                    const HttpRule& rule) {
  if (method.client_streaming() || method.server_streaming()) {
    return absl::InvalidArgumentError("streaming methods have no HTTP form");
  }
  std::vector<Binding> bindings;
  OTPGATE_ASSIGN_OR_RETURN(bindings.emplace_back(), BindingOf(method, rule));
  for (const HttpRule& additional : rule.additional_bindings()) {
    if (additional.additional_bindings_size() > 0) {
      return absl::InvalidArgumentError("additional_bindings within additional_bindings");
    }
    OTPGATE_ASSIGN_OR_RETURN(bindings.emplace_back(), BindingOf(method, additional));
  }
  return bindings;
}

}  // namespace

absl::StatusOr<std::vector<Binding>> BindingsOf(const MethodDescriptor& method) {
  if (!method.options().HasExtension(google::api::http)) return std::vector<Binding>();
  absl::StatusOr<std::vector<Binding>> bindings =
      BindingsOfRule(method, method.options().GetExtension(google::api::http));
  if (bindings.ok()) return bindings;
  return absl::InvalidArgumentError(
      absl::StrCat(method.full_name(), ": ", bindings.status().message()));
}

}  // namespace otpgate::gateway
