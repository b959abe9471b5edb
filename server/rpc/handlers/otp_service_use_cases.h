#ifndef OTPGATE_SERVER_RPC_HANDLERS_OTP_SERVICE_USE_CASES_H_
#define OTPGATE_SERVER_RPC_HANDLERS_OTP_SERVICE_USE_CASES_H_

#include <utility>

#include "server/auth/failures.h"
#include "server/auth/otp_service.h"
#include "server/auth/session_service.h"
#include "server/auth/signing_keyset.h"
#include "server/rpc/handlers/auth_methods.h"

namespace otpgate {

// The use cases of `service` and `keys`, which outlive the server. Only the composition root
// includes this: handlers and their tests need no engine.
inline AuthUseCases UseCasesOf(const OtpService* service, const CurrentKeyset* keys) {
  AuthUseCases use_cases;
  use_cases.request_otp = [service](const CallContext& context, RequestOtpInput input,
                                    Done<OtpIssued> done) {
    service->RequestOtp(context, std::move(input), std::move(done));
  };
  use_cases.resend_otp = [service](const CallContext& context, ResendOtpInput input,
                                   Done<OtpIssued> done) {
    service->ResendOtp(context, std::move(input), std::move(done));
  };
  use_cases.verify_otp = [service](const CallContext& context, VerifyOtpInput input,
                                   Done<OtpVerified> done) {
    service->VerifyOtp(context, std::move(input), std::move(done));
  };
  use_cases.get_current_user = [service](const CallContext& context, Done<UserProfile> done) {
    service->GetCurrentUser(context, std::move(done));
  };
  use_cases.public_keys = [keys]() -> Outcome<std::vector<crypto::VerifyKey>> {
    const auto keyset = keys->Get();
    if (keyset == nullptr) return FailureFrom(absl::UnavailableError(""));
    return keyset->published();
  };
  return use_cases;
}

inline SessionUseCases UseCasesOf(const SessionService* service) {
  SessionUseCases use_cases;
  use_cases.refresh_token = [service](const CallContext& context, const RefreshTokenInput& input,
                                      Done<TokenPair> done) {
    service->RefreshToken(context, input, std::move(done));
  };
  use_cases.revoke_token = [service](const CallContext& context, const TokenInput& input,
                                     Done<std::monostate> done) {
    service->RevokeToken(context, input, std::move(done));
  };
  use_cases.introspect_token = [service](const CallContext& context, const TokenInput& input,
                                         Done<std::optional<TokenFacts>> done) {
    service->IntrospectToken(context, input, std::move(done));
  };
  use_cases.list_sessions = [service](const CallContext& context,
                                      Done<std::vector<SessionView>> done) {
    service->ListSessions(context, std::move(done));
  };
  use_cases.revoke_session = [service](const CallContext& context, const SessionInput& input,
                                       Done<std::monostate> done) {
    service->RevokeSession(context, input, std::move(done));
  };
  use_cases.revoke_all_sessions = [service](const CallContext& context, Done<std::monostate> done) {
    service->RevokeAllSessions(context, std::move(done));
  };
  return use_cases;
}

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_HANDLERS_OTP_SERVICE_USE_CASES_H_
