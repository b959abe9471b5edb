#include <utility>
#include <variant>

#include "otpgate/v1/auth_service.pb.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/handlers/convert.h"
#include "server/validation/requests.h"

namespace otpgate {

UnaryMethod ResendOtpMethod(AuthUseCases use_cases, ValidationLimits limits) {
  return Unary<v1::ResendOtpRequest, v1::ResendOtpResponse>(
      "otpgate.v1.AuthService/ResendOtp", Access::kCallers,
      [resend_otp = std::move(use_cases.resend_otp), limits](const CallInfo& info,
                                                             const v1::ResendOtpRequest& request,
                                                             Done<v1::ResendOtpResponse> done) {
        Outcome<ResendOtpInput> input = Validate(request, limits);
        if (auto* failure = std::get_if<Failure>(&input)) return done(std::move(*failure));
        resend_otp(ContextOf(info), std::get<ResendOtpInput>(std::move(input)),
                   Answer<OtpIssued, v1::ResendOtpResponse>(std::move(done),
                                                            IssuedResponse<v1::ResendOtpResponse>));
      });
}

}  // namespace otpgate
