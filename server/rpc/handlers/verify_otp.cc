#include <utility>
#include <variant>

#include "otpgate/v1/auth_service.pb.h"
#include "server/crypto/base64url.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/handlers/convert.h"
#include "server/validation/requests.h"

namespace otpgate {
namespace {

v1::VerifyOtpResponse ResponseOf(const OtpVerified& verified) {
  v1::VerifyOtpResponse response;
  response.set_verified(true);
  *response.mutable_user() = UserOf(verified.user);
  response.set_new_user(verified.new_user);
  if (verified.tokens) {
    response.set_access_token(verified.tokens->access_token);
    response.set_refresh_token(verified.tokens->refresh_token);
    response.set_token_type("bearer");
    response.set_expires_in(SecondsLeft(verified.tokens->expires_in));
    response.set_refresh_expires_in(SecondsLeft(verified.tokens->refresh_expires_in));
    response.set_session_id(crypto::Base64UrlEncode(verified.tokens->session_id.bytes));
  }
  return response;
}

}  // namespace

UnaryMethod VerifyOtpMethod(AuthUseCases use_cases, ValidationLimits limits) {
  return Unary<v1::VerifyOtpRequest, v1::VerifyOtpResponse>(
      "otpgate.v1.AuthService/VerifyOtp", Access::kCallers,
      [verify_otp = std::move(use_cases.verify_otp), limits](const CallInfo& info,
                                                             const v1::VerifyOtpRequest& request,
                                                             Done<v1::VerifyOtpResponse> done) {
        Outcome<VerifyOtpInput> input = Validate(request, limits);
        if (auto* failure = std::get_if<Failure>(&input)) return done(std::move(*failure));
        verify_otp(ContextOf(info), std::get<VerifyOtpInput>(std::move(input)),
                   Answer<OtpVerified, v1::VerifyOtpResponse>(std::move(done), ResponseOf));
      });
}

}  // namespace otpgate
