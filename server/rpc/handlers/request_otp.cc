#include <utility>
#include <variant>

#include "otpgate/v1/auth_service.pb.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/handlers/convert.h"
#include "server/validation/requests.h"

namespace otpgate {

UnaryMethod RequestOtpMethod(AuthUseCases use_cases, ValidationLimits limits) {
  return Unary<v1::RequestOtpRequest, v1::RequestOtpResponse>(
      "otpgate.v1.AuthService/RequestOtp", Access::kCallers,
      [request_otp = std::move(use_cases.request_otp), limits](const CallInfo& info,
                                                               const v1::RequestOtpRequest& request,
                                                               Done<v1::RequestOtpResponse> done) {
        Outcome<RequestOtpInput> input = Validate(request, limits);
        if (auto* failure = std::get_if<Failure>(&input)) return done(std::move(*failure));
        request_otp(ContextOf(info), std::get<RequestOtpInput>(std::move(input)),
                    Answer<OtpIssued, v1::RequestOtpResponse>(
                        std::move(done), IssuedResponse<v1::RequestOtpResponse>));
      });
}

}  // namespace otpgate
