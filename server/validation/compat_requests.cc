#include "server/validation/compat_requests.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "otpgate/v1/compat_service.pb.h"
#include "server/validation/email.h"
#include "server/validation/forms.h"
#include "server/validation/phone.h"
#include "server/validation/violations.h"

namespace otpgate::validation {
namespace {

PhoneTypes TypesOf(const ValidationLimits& limits) {
  return limits.personal_numbers_only ? PhoneTypes::kPersonal : PhoneTypes::kAll;
}

// ^\+?[1-9]\d{9,14}$
bool IsMobileNumber(absl::string_view text) {
  if (absl::StartsWith(text, "+")) text.remove_prefix(1);
  return text.size() >= 10 && text.size() <= 15 && text[0] != '0' &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

// A number with "+" says its country itself; front ends send their default beside it.
std::string TakeMobile(absl::string_view number, absl::string_view country_code,
                       const ValidationLimits& limits, FieldViolations& bad) {
  if (country_code.empty()) country_code = "+1";
  const absl::Status country = CheckCountryCode(country_code);
  bad.Check("country_code", country);
  if (!IsMobileNumber(number)) {
    bad.Add("mobile_number", "must have 10 to 15 digits, not begin with 0, and may have a + ahead");
    return {};
  }
  if (!country.ok()) return {};
  if (absl::StartsWith(number, "+")) country_code = {};
  return bad.Take("mobile_number",
                  CanonicalPhone({.number = number, .region = {}, .country_code = country_code},
                                 TypesOf(limits)));
}

storage::UserType TakeUserTypeName(const std::string& name, FieldViolations& bad) {
  if (name.empty()) return storage::UserType::kLive;
  const auto type = storage::UserTypeFrom(name);
  if (!type) bad.Add("user_type", "must be live or demo");
  return type.value_or(storage::UserType::kLive);
}

// The code of an international number in the field `name`.
LastCode TakePhoneCode(absl::string_view name, const std::string& number, storage::Purpose purpose,
                       const ValidationLimits& limits, FieldViolations& bad) {
  return {.identifier =
              bad.Take(name, CanonicalPhone({.number = number, .region = {}, .country_code = {}},
                                            TypesOf(limits))),
          .user_type = storage::UserType::kLive,
          .purpose = purpose};
}

template <class Request>
LastCode TakeVerification(const Request& request, const ValidationLimits& limits,
                          FieldViolations& bad) {
  return TakePhoneCode("phone", request.phone(), storage::Purpose::kVerifyPhone, limits, bad);
}

template <class Request>
LastCode TakePhoneLogin(const Request& request, const ValidationLimits& limits,
                        FieldViolations& bad) {
  return TakePhoneCode("phoneNumber", request.phone_number(), storage::Purpose::kLogin, limits,
                       bad);
}

template <class Request>
LastCode TakeMobileCode(const Request& request, const ValidationLimits& limits,
                        FieldViolations& bad) {
  return {.identifier = TakeMobile(request.mobile_number(), request.country_code(), limits, bad),
          .user_type = storage::UserType::kLive,
          .purpose = storage::Purpose::kLogin};
}

template <class Request>
LastCode TakeSignupCode(const Request& request, FieldViolations& bad) {
  const storage::UserType type = TakeUserTypeName(request.user_type(), bad);
  return {.identifier = bad.Take("email", CanonicalEmail(request.email())),
          .user_type = type,
          .purpose = storage::Purpose::kLogin};
}

// A new code for whatever `code` names.
RequestOtpInput InputToRequest(LastCode code, const std::string& request_id, FieldViolations& bad) {
  RequestOtpInput input;
  input.identifier = std::move(code.identifier);
  input.user_type = code.user_type;
  input.purpose = code.purpose;
  input.request_id = bad.Take("request_id", ParseRequestId(request_id));
  input.bound = false;
  return input;
}

// A new code in place of `code`.
ResendOtpInput InputToResend(LastCode code, const std::string& request_id, FieldViolations& bad) {
  ResendOtpInput input;
  input.request_id = bad.Take("request_id", ParseRequestId(request_id));
  input.last_code = std::move(code);
  return input;
}

// A guess at `code`. `field`: what the older design calls the digits.
VerifyOtpInput InputToVerify(LastCode code, absl::string_view field, const std::string& digits,
                             const std::string& request_id, const ValidationLimits& limits,
                             FieldViolations& bad) {
  bad.Check(field, CheckCode(digits, limits.code_digits));
  VerifyOtpInput input;
  input.code = digits;
  input.request_id = bad.Take("request_id", ParseRequestId(request_id));
  input.last_code = std::move(code);
  return input;
}

}  // namespace

errors::Outcome<RequestOtpInput> Validate(const v1::SendPhoneVerificationRequest& request,
                                          const ValidationLimits& limits) {
  FieldViolations bad;
  RequestOtpInput input =
      InputToRequest(TakeVerification(request, limits, bad), request.request_id(), bad);
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<VerifyOtpInput> Validate(const v1::ConfirmPhoneVerificationRequest& request,
                                         const ValidationLimits& limits) {
  FieldViolations bad;
  VerifyOtpInput input = InputToVerify(TakeVerification(request, limits, bad), "code",
                                       request.code(), request.request_id(), limits, bad);
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<ResendOtpInput> Validate(const v1::ResendPhoneVerificationRequest& request,
                                         const ValidationLimits& limits) {
  FieldViolations bad;
  ResendOtpInput input =
      InputToResend(TakeVerification(request, limits, bad), request.request_id(), bad);
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<RequestOtpInput> Validate(const v1::RequestPhoneLoginRequest& request,
                                          const ValidationLimits& limits) {
  FieldViolations bad;
  RequestOtpInput input =
      InputToRequest(TakePhoneLogin(request, limits, bad), request.request_id(), bad);
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<VerifyOtpInput> Validate(const v1::VerifyPhoneLoginRequest& request,
                                         const ValidationLimits& limits) {
  FieldViolations bad;
  VerifyOtpInput input = InputToVerify(TakePhoneLogin(request, limits, bad), "otp", request.otp(),
                                       request.request_id(), limits, bad);
  input.session_token = true;
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<ResendOtpInput> Validate(const v1::ResendPhoneLoginRequest& request,
                                         const ValidationLimits& limits) {
  FieldViolations bad;
  ResendOtpInput input =
      InputToResend(TakePhoneLogin(request, limits, bad), request.request_id(), bad);
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<RequestOtpInput> Validate(const v1::SendMobileOtpRequest& request,
                                          const ValidationLimits& limits) {
  FieldViolations bad;
  RequestOtpInput input =
      InputToRequest(TakeMobileCode(request, limits, bad), request.request_id(), bad);
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<VerifyOtpInput> Validate(const v1::VerifyMobileOtpRequest& request,
                                         const ValidationLimits& limits) {
  FieldViolations bad;
  VerifyOtpInput input = InputToVerify(TakeMobileCode(request, limits, bad), "otp", request.otp(),
                                       request.request_id(), limits, bad);
  bad.Check("device_info", CheckDeviceInfo(request.device_info()));
  input.device_info = request.device_info();
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<RequestOtpInput> Validate(const v1::SendSignupOtpRequest& request,
                                          const ValidationLimits&) {
  FieldViolations bad;
  RequestOtpInput input = InputToRequest(TakeSignupCode(request, bad), request.request_id(), bad);
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<VerifyOtpInput> Validate(const v1::VerifySignupOtpRequest& request,
                                         const ValidationLimits& limits) {
  FieldViolations bad;
  VerifyOtpInput input = InputToVerify(TakeSignupCode(request, bad), "otp_code", request.otp_code(),
                                       request.request_id(), limits, bad);
  return std::move(bad).Finish(std::move(input));
}

}  // namespace otpgate::validation
