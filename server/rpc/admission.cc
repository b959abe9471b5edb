#include "server/rpc/admission.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "server/validation/end_user_address.h"

namespace otpgate::rpc {
namespace {

errors::Failure Refusal(errors::Reason reason) {
  errors::Failure failure;
  failure.reason = reason;
  return failure;
}

errors::Failure BadHeader(absl::string_view header, absl::string_view description) {
  errors::Failure failure = Refusal(errors::Reason::kInvalidRequest);
  failure.violations.push_back({std::string(header), std::string(description)});
  return failure;
}

errors::Failure Repeated(absl::string_view header) {
  return BadHeader(header, "must not be sent more than once");
}

// RFC 6750 2.1. Other schemes are not for us.
std::string BearerToken(absl::string_view authorization) {
  constexpr absl::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return "";
  return std::string(absl::StripAsciiWhitespace(authorization.substr(kScheme.size())));
}

std::optional<errors::Failure> TakeEndUserAddress(const CallHeader& header, CallInfo& info) {
  constexpr absl::string_view kName = "x-otpgate-client-ip";
  if (header.count == 0) return std::nullopt;
  if (header.count > 1) return Repeated(kName);
  absl::StatusOr<validation::EndUserAddress> address =
      validation::ParseEndUserAddress(header.value);
  if (!address.ok()) return BadHeader(kName, address.status().message());
  info.end_user_address = *std::move(address);
  return std::nullopt;
}

}  // namespace

absl::string_view LoggedRequestId(const CallHeaders& headers) {
  const absl::string_view id = headers.x_request_id.value;
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
  });
  return headers.x_request_id.count == 1 && id.size() <= 128 && plain ? id : absl::string_view();
}

std::optional<errors::Failure> Admit(const CallHeaders& headers, const CertificateNames& names,
                                     const UnaryMethod& method, const Callers& callers,
                                     CallInfo& info) {
  info.caller = &callers.anonymous();
  if (method.access == Access::kCallers) {
    const Caller* caller = headers.client_authorization.count > 1
                               ? nullptr
                               : callers.Authenticate(headers.client_authorization.value, names);
    if (caller == nullptr) return Refusal(errors::Reason::kUnauthenticated);
    info.caller = caller;
    if (!caller->MayCall(method.name)) return Refusal(errors::Reason::kPermissionDenied);
  }
  if (headers.authorization.count > 1) return Repeated("authorization");
  info.bearer_token = BearerToken(headers.authorization.value);
  return info.caller->may_forward_client_ip() ? TakeEndUserAddress(headers.client_ip, info)
                                              : std::nullopt;
}

}  // namespace otpgate::rpc
