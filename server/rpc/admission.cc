#include "server/rpc/admission.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "server/validation/client_address.h"

namespace otpgate {
namespace {

Failure Refusal(Reason reason) {
  Failure failure;
  failure.reason = reason;
  return failure;
}

Failure BadHeader(absl::string_view header, absl::string_view description) {
  Failure failure = Refusal(Reason::kInvalidRequest);
  failure.violations.push_back({std::string(header), std::string(description)});
  return failure;
}

Failure Repeated(absl::string_view header) {
  return BadHeader(header, "must not be sent more than once");
}

// RFC 6750 2.1. Other schemes are not for us.
std::string BearerToken(absl::string_view authorization) {
  constexpr absl::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return "";
  return std::string(absl::StripAsciiWhitespace(authorization.substr(kScheme.size())));
}

std::optional<Failure> TakeClient(const CallHeader& header, CallInfo& info) {
  constexpr absl::string_view kName = "x-otpgate-client-ip";
  if (header.count == 0) return std::nullopt;
  if (header.count > 1) return Repeated(kName);
  absl::StatusOr<ClientAddress> client = ParseClientAddress(header.value);
  if (!client.ok()) return BadHeader(kName, client.status().message());
  info.client = *std::move(client);
  return std::nullopt;
}

}  // namespace

std::optional<Failure> Admit(const CallHeaders& headers, const CertificateNames& names,
                             const UnaryMethod& method, const Callers& callers, CallInfo& info) {
  info.caller = &callers.anonymous();
  if (method.access == Access::kCallers) {
    const Caller* caller = headers.client_authorization.count > 1
                               ? nullptr
                               : callers.Authenticate(headers.client_authorization.value, names);
    if (caller == nullptr) return Refusal(Reason::kUnauthenticated);
    info.caller = caller;
    if (!caller->MayCall(method.name)) return Refusal(Reason::kPermissionDenied);
  }
  if (headers.authorization.count > 1) return Repeated("authorization");
  info.bearer_token = BearerToken(headers.authorization.value);
  return info.caller->may_forward_client_ip() ? TakeClient(headers.client_ip, info) : std::nullopt;
}

}  // namespace otpgate
