#include "server/rpc/handlers/compat_methods.h"

#include <utility>

#include "otpgate/v1/compat_service.pb.h"
#include "server/rpc/handlers/method_maker.h"
#include "server/validation/compat_requests.h"

namespace otpgate::rpc {
namespace {

using service::OtpApi;

template <class Response>
errors::Outcome<Response> SentResponse(const service::OtpIssued&) {
  Response response;
  response.set_success(true);
  response.set_message("OTP sent");
  return response;
}

// The tokens of a login in both spellings.
template <class Response>
void SetTokenPair(const service::TokenPair& tokens, Response& response) {
  response.set_snake_access_token(tokens.access_token);
  response.set_camel_access_token(tokens.access_token);
  response.set_snake_refresh_token(tokens.refresh_token);
  response.set_camel_refresh_token(tokens.refresh_token);
  response.set_token_type("bearer");
}

errors::Outcome<v1::VerifyMobileOtpResponse> MobileResponse(const service::OtpVerified& verified) {
  v1::VerifyMobileOtpResponse response;
  if (verified.tokens) SetTokenPair(*verified.tokens, response);
  return response;
}

errors::Outcome<v1::VerifySignupOtpResponse> SignupResponse(const service::OtpVerified& verified) {
  v1::VerifySignupOtpResponse response;
  response.set_success(true);
  response.set_message("OTP verified");
  if (verified.tokens) SetTokenPair(*verified.tokens, response);
  return response;
}

std::vector<UnaryMethod> MobileMethods(const MethodMaker& maker, const OtpApi* otps) {
  return {maker.Make<v1::SendMobileOtpRequest>("SendMobileOtp", otps, &OtpApi::RequestOtp,
                                               SentResponse<v1::SendMobileOtpResponse>),
          maker.Make<v1::VerifyMobileOtpRequest>("VerifyMobileOtp", otps, &OtpApi::VerifyOtp,
                                                 MobileResponse)};
}

std::vector<UnaryMethod> SignupMethods(const MethodMaker& maker, const OtpApi* otps) {
  return {maker.Make<v1::SendSignupOtpRequest>("SendSignupOtp", otps, &OtpApi::RequestOtp,
                                               SentResponse<v1::SendSignupOtpResponse>),
          maker.Make<v1::VerifySignupOtpRequest>("VerifySignupOtp", otps, &OtpApi::VerifyOtp,
                                                 SignupResponse)};
}

}  // namespace

std::vector<UnaryMethod> CompatMethods(const OtpApi* otps,
                                       const validation::ValidationLimits& limits,
                                       const CompatOptions& options) {
  const MethodMaker maker("otpgate.v1.CompatService", limits);
  std::vector<UnaryMethod> methods;
  const auto add = [&](bool is_on, std::vector<UnaryMethod> design) {
    if (!options.enabled || !is_on) return;
    for (UnaryMethod& method : design) methods.push_back(std::move(method));
  };
  add(options.mobile_otp, MobileMethods(maker, otps));
  add(options.signup_otp, SignupMethods(maker, otps));
  return methods;
}

}  // namespace otpgate::rpc
