#ifndef OTPGATE_SERVER_RPC_HANDLERS_OTP_SERVICE_USE_CASES_H_
#define OTPGATE_SERVER_RPC_HANDLERS_OTP_SERVICE_USE_CASES_H_

#include <utility>

#include "server/auth/failures.h"
#include "server/auth/otp_service.h"
#include "server/auth/signing_keyset.h"
#include "server/rpc/handlers/auth_methods.h"

namespace otpgate {

// The use cases of `service` and `keys`, which outlive the server. Only the composition root
// includes this: handlers and their tests need no engine.
inline AuthUseCases UseCasesOf(const OtpService* service, const CurrentKeyset* keys) {
  AuthUseCases use_cases;
  use_cases.request_otp = [service](CallContext context, RequestOtpInput input,
                                    Done<OtpIssued> done) {
    service->RequestOtp(std::move(context), std::move(input), std::move(done));
  };
  use_cases.resend_otp = [service](CallContext context, ResendOtpInput input,
                                   Done<OtpIssued> done) {
    service->ResendOtp(std::move(context), std::move(input), std::move(done));
  };
  use_cases.verify_otp = [service](CallContext context, VerifyOtpInput input,
                                   Done<OtpVerified> done) {
    service->VerifyOtp(std::move(context), std::move(input), std::move(done));
  };
  use_cases.get_current_user = [service](CallContext context, Done<UserProfile> done) {
    service->GetCurrentUser(std::move(context), std::move(done));
  };
  use_cases.public_keys = [keys]() -> Outcome<std::vector<crypto::VerifyKey>> {
    const auto keyset = keys->Get();
    if (keyset == nullptr) return FailureFrom(absl::UnavailableError(""));
    return keyset->published();
  };
  return use_cases;
}

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_HANDLERS_OTP_SERVICE_USE_CASES_H_
