#include "server/rpc/handlers/compat_methods.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "otpgate/v1/compat_service.pb.h"
#include "server/rpc/handlers/messages.h"
#include "server/rpc/handlers/method_maker.h"
#include "server/runtime/mask.h"
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

template <class Response>
errors::Outcome<Response> SuccessResponse(const service::OtpIssued&) {
  Response response;
  response.set_success(true);
  return response;
}

errors::Outcome<v1::ConfirmPhoneVerificationResponse> ConfirmedResponse(
    const service::OtpVerified&) {
  v1::ConfirmPhoneVerificationResponse response;
  response.set_verified(true);
  return response;
}

// In development the message says more, and the code is there.
template <class Response>
errors::Outcome<Response> PhoneLoginSentResponse(const service::OtpIssued& issued) {
  errors::Outcome<Response> response = SentResponse<Response>(issued);
  if (issued.development_code.empty()) return response;
  response->set_message(absl::StrCat("OTP sent to ", runtime::MaskIdentifier(issued.identifier),
                                     ", valid for ", SecondsLeft(issued.expires_in), " seconds"));
  response->set_otp(issued.development_code);
  return response;
}

errors::Outcome<v1::VerifyPhoneLoginResponse> PhoneLoginResponse(
    const service::OtpVerified& verified) {
  v1::VerifyPhoneLoginResponse response;
  response.set_success(true);
  response.set_message("OTP verified");
  response.set_token(verified.session_token);
  if (verified.user) SetUser(*verified.user, *response.mutable_user());
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

storage::Purpose& PurposeOf(validation::RequestOtpInput& input) { return input.purpose; }
storage::Purpose& PurposeOf(validation::ResendOtpInput& input) { return input.last_code->purpose; }
storage::Purpose& PurposeOf(validation::VerifyOtpInput& input) { return input.last_code->purpose; }

// A phone number is attached to the account of an access token or session token; without one it is
// only verified.
template <class Input>
void TakeAnyBearer(service::CallContext& context, Input& input) {
  context.session_token_will_do = true;
  if (context.bearer.empty()) PurposeOf(input) = storage::Purpose::kVerification;
}

std::vector<UnaryMethod> VerificationMethods(const MethodMaker& maker, const OtpApi* otps) {
  return {maker.Make<v1::SendPhoneVerificationRequest>(
              "SendPhoneVerification", otps, &OtpApi::RequestOtp,
              SuccessResponse<v1::SendPhoneVerificationResponse>,
              TakeAnyBearer<validation::RequestOtpInput>),
          maker.Make<v1::ConfirmPhoneVerificationRequest>(
              "ConfirmPhoneVerification", otps, &OtpApi::VerifyOtp, ConfirmedResponse,
              TakeAnyBearer<validation::VerifyOtpInput>),
          maker.Make<v1::ResendPhoneVerificationRequest>(
              "ResendPhoneVerification", otps, &OtpApi::ResendOtp,
              SuccessResponse<v1::ResendPhoneVerificationResponse>,
              TakeAnyBearer<validation::ResendOtpInput>)};
}

std::vector<UnaryMethod> OtpServiceMethods(const MethodMaker& maker, const OtpApi* otps) {
  return {maker.Make<v1::RequestPhoneLoginRequest>(
              "RequestPhoneLogin", otps, &OtpApi::RequestOtp,
              PhoneLoginSentResponse<v1::RequestPhoneLoginResponse>),
          maker.Make<v1::VerifyPhoneLoginRequest>("VerifyPhoneLogin", otps, &OtpApi::VerifyOtp,
                                                  PhoneLoginResponse),
          maker.Make<v1::ResendPhoneLoginRequest>(
              "ResendPhoneLogin", otps, &OtpApi::ResendOtp,
              PhoneLoginSentResponse<v1::ResendPhoneLoginResponse>)};
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
  add(options.verification, VerificationMethods(maker, otps));
  add(options.otp_service, OtpServiceMethods(maker, otps));
  add(options.mobile_otp, MobileMethods(maker, otps));
  add(options.signup_otp, SignupMethods(maker, otps));
  return methods;
}

}  // namespace otpgate::rpc
