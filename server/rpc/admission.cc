#include "server/rpc/admission.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace otpgate {
namespace {

Failure Refusal(Reason reason) {
  Failure failure;
  failure.reason = reason;
  return failure;
}

Failure Repeated(absl::string_view header) {
  Failure failure = Refusal(Reason::kInvalidRequest);
  failure.violations.push_back({std::string(header), "must not be sent more than once"});
  return failure;
}

// RFC 6750 2.1. Other schemes are not for us.
std::string BearerToken(absl::string_view authorization) {
  constexpr absl::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return "";
  return std::string(absl::StripAsciiWhitespace(authorization.substr(kScheme.size())));
}

}  // namespace

std::optional<Failure> Admit(const CallHeaders& headers, const UnaryMethod& method,
                             const Callers& callers, CallInfo& info) {
  info.caller = &callers.anonymous();
  if (method.access == Access::kCallers) {
    const Caller* caller = headers.client_authorization.count > 1
                               ? nullptr
                               : callers.Authenticate(headers.client_authorization.value);
    if (caller == nullptr) return Refusal(Reason::kUnauthenticated);
    info.caller = caller;
    if (!caller->MayCall(method.name)) return Refusal(Reason::kPermissionDenied);
  }
  if (headers.authorization.count > 1) return Repeated("authorization");
  info.bearer_token = BearerToken(headers.authorization.value);
  if (info.caller->may_forward_client_ip()) {
    if (headers.client_ip.count > 1) return Repeated("x-otpgate-client-ip");
    info.client_ip = std::string(headers.client_ip.value);
  }
  return std::nullopt;
}

}  // namespace otpgate
