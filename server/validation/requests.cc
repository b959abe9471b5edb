#include "server/validation/requests.h"

#include <utility>

#include "otpgate/v1/auth_service.pb.h"
#include "server/validation/email.h"
#include "server/validation/forms.h"
#include "server/validation/phone.h"
#include "server/validation/violations.h"

namespace otpgate::validation {
namespace {

storage::UserType TakeUserType(v1::UserType value, FieldViolations& bad) {
  switch (value) {
    case v1::USER_TYPE_UNSPECIFIED:
    case v1::USER_TYPE_LIVE:
      return storage::UserType::kLive;
    case v1::USER_TYPE_DEMO:
      return storage::UserType::kDemo;
    default:
      bad.Add("user_type", "must be USER_TYPE_LIVE or USER_TYPE_DEMO");
      return storage::UserType::kLive;
  }
}

storage::Purpose TakePurpose(v1::Purpose value, FieldViolations& bad) {
  switch (value) {
    case v1::PURPOSE_UNSPECIFIED:
    case v1::PURPOSE_LOGIN:
      return storage::Purpose::kLogin;
    case v1::PURPOSE_VERIFY_PHONE:
      return storage::Purpose::kVerifyPhone;
    case v1::PURPOSE_VERIFY_EMAIL:
      return storage::Purpose::kVerifyEmail;
    case v1::PURPOSE_VERIFICATION:
      return storage::Purpose::kVerification;
    default:
      bad.Add("purpose", "must be a known purpose");
      return storage::Purpose::kLogin;
  }
}

std::string TakePhone(const v1::Identifier& identifier, const ValidationLimits& limits,
                      FieldViolations& bad) {
  const absl::Status region = CheckRegion(identifier.region());
  const absl::Status country_code = CheckCountryCode(identifier.country_code());
  bad.Check("identifier.region", region);
  bad.Check("identifier.country_code", country_code);
  // A national number cannot be checked without its country.
  if (!region.ok() || !country_code.ok()) return {};
  return bad.Take(
      "identifier.phone_number",
      CanonicalPhone({.number = identifier.phone_number(),
                      .region = identifier.region(),
                      .country_code = identifier.country_code()},
                     limits.personal_numbers_only ? PhoneTypes::kPersonal : PhoneTypes::kAll));
}

std::string TakeEmail(const v1::Identifier& identifier, FieldViolations& bad) {
  if (!identifier.region().empty()) {
    bad.Add("identifier.region", "must be empty with an e-mail address");
  }
  if (!identifier.country_code().empty()) {
    bad.Add("identifier.country_code", "must be empty with an e-mail address");
  }
  return bad.Take("identifier.email", CanonicalEmail(identifier.email()));
}

void TakeIdentifier(const v1::Identifier& identifier, const ValidationLimits& limits,
                    RequestOtpInput& input, FieldViolations& bad) {
  switch (identifier.kind_case()) {
    case v1::Identifier::kPhoneNumber:
      input.identifier = TakePhone(identifier, limits, bad);
      if (input.purpose == storage::Purpose::kVerifyEmail) {
        bad.Add("identifier", "must be an e-mail address for PURPOSE_VERIFY_EMAIL");
      }
      return;
    case v1::Identifier::kEmail:
      input.identifier = TakeEmail(identifier, bad);
      if (input.purpose == storage::Purpose::kVerifyPhone) {
        bad.Add("identifier", "must be a phone number for PURPOSE_VERIFY_PHONE");
      }
      return;
    case v1::Identifier::KIND_NOT_SET:
      bad.Add("identifier", "must hold phone_number or email");
      return;
  }
}

template <class Request>
errors::Outcome<TokenInput> TakeToken(const Request& request) {
  FieldViolations bad;
  bad.Check("token", CheckToken(request.token(), kTokenBytesMax));
  return std::move(bad).Finish(TokenInput{request.token()});
}

}  // namespace

errors::Outcome<RequestOtpInput> Validate(const v1::RequestOtpRequest& request,
                                          const ValidationLimits& limits) {
  FieldViolations bad;
  RequestOtpInput input;
  input.user_type = TakeUserType(request.user_type(), bad);
  input.purpose = TakePurpose(request.purpose(), bad);
  TakeIdentifier(request.identifier(), limits, input, bad);
  input.locale = bad.Take("locale", CanonicalLocale(request.locale()));
  input.request_id = bad.Take("request_id", ParseRequestId(request.request_id()));
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<ResendOtpInput> Validate(const v1::ResendOtpRequest& request,
                                         const ValidationLimits&) {
  FieldViolations bad;
  ResendOtpInput input;
  bad.Check("handle", CheckHandle(request.handle()));
  input.handle = request.handle();
  input.locale = bad.Take("locale", CanonicalLocale(request.locale()));
  input.request_id = bad.Take("request_id", ParseRequestId(request.request_id()));
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<VerifyOtpInput> Validate(const v1::VerifyOtpRequest& request,
                                         const ValidationLimits& limits) {
  FieldViolations bad;
  VerifyOtpInput input;
  bad.Check("handle", CheckHandle(request.handle()));
  bad.Check("code", CheckCode(request.code(), limits.code_digits));
  bad.Check("device_info", CheckDeviceInfo(request.device_info()));
  input.handle = request.handle();
  input.code = request.code();
  input.device_info = request.device_info();
  input.request_id = bad.Take("request_id", ParseRequestId(request.request_id()));
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<RefreshTokenInput> Validate(const v1::RefreshTokenRequest& request,
                                            const ValidationLimits&) {
  FieldViolations bad;
  RefreshTokenInput input;
  bad.Check("refresh_token", CheckToken(request.refresh_token(), kRefreshTokenBytesMax));
  input.refresh_token = request.refresh_token();
  input.request_id = bad.Take("request_id", ParseRequestId(request.request_id()));
  return std::move(bad).Finish(std::move(input));
}

errors::Outcome<TokenInput> Validate(const v1::RevokeTokenRequest& request,
                                     const ValidationLimits&) {
  return TakeToken(request);
}

errors::Outcome<TokenInput> Validate(const v1::IntrospectTokenRequest& request,
                                     const ValidationLimits&) {
  return TakeToken(request);
}

errors::Outcome<SessionInput> Validate(const v1::RevokeSessionRequest& request,
                                       const ValidationLimits&) {
  FieldViolations bad;
  SessionInput input;
  input.session_id.bytes = bad.Take("session_id", ParseId(request.session_id()));
  return std::move(bad).Finish(std::move(input));
}

}  // namespace otpgate::validation
