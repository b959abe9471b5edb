#ifndef OTPGATE_SERVER_VALIDATION_COMPAT_REQUESTS_H_
#define OTPGATE_SERVER_VALIDATION_COMPAT_REQUESTS_H_

#include "server/validation/requests.h"

namespace otpgate::v1 {
class ConfirmPhoneVerificationRequest;
class RequestPhoneLoginRequest;
class ResendPhoneLoginRequest;
class ResendPhoneVerificationRequest;
class SendMobileOtpRequest;
class SendPhoneVerificationRequest;
class SendSignupOtpRequest;
class VerifyMobileOtpRequest;
class VerifyPhoneLoginRequest;
class VerifySignupOtpRequest;
}  // namespace otpgate::v1

// The requests of CompatService as inputs of the use cases that AuthService has too: the spellings
// of older designs end here. As in requests.h, but violations name fields as the older design did
// ("mobile_number"). The inputs name codes without handles. Pure, thread-safe.
namespace otpgate::validation {

errors::Outcome<RequestOtpInput> Validate(const v1::SendPhoneVerificationRequest& request,
                                          const ValidationLimits& limits);
errors::Outcome<VerifyOtpInput> Validate(const v1::ConfirmPhoneVerificationRequest& request,
                                         const ValidationLimits& limits);
errors::Outcome<ResendOtpInput> Validate(const v1::ResendPhoneVerificationRequest& request,
                                         const ValidationLimits& limits);

errors::Outcome<RequestOtpInput> Validate(const v1::RequestPhoneLoginRequest& request,
                                          const ValidationLimits& limits);
errors::Outcome<VerifyOtpInput> Validate(const v1::VerifyPhoneLoginRequest& request,
                                         const ValidationLimits& limits);
errors::Outcome<ResendOtpInput> Validate(const v1::ResendPhoneLoginRequest& request,
                                         const ValidationLimits& limits);

errors::Outcome<RequestOtpInput> Validate(const v1::SendMobileOtpRequest& request,
                                          const ValidationLimits& limits);
errors::Outcome<VerifyOtpInput> Validate(const v1::VerifyMobileOtpRequest& request,
                                         const ValidationLimits& limits);

errors::Outcome<RequestOtpInput> Validate(const v1::SendSignupOtpRequest& request,
                                          const ValidationLimits& limits);
errors::Outcome<VerifyOtpInput> Validate(const v1::VerifySignupOtpRequest& request,
                                         const ValidationLimits& limits);

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_COMPAT_REQUESTS_H_
