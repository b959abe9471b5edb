#ifndef OTPGATE_SERVER_VALIDATION_REQUESTS_H_
#define OTPGATE_SERVER_VALIDATION_REQUESTS_H_

#include "otpgate/v1/auth_service.pb.h"
#include "server/errors/failure.h"
#include "server/validation/inputs.h"

// One pure function per request: the documented form of every field is checked, canonical values
// come out. Either the input, or kInvalidRequest with every violation at once; field names are
// those of the proto ("identifier.phone_number"). Nothing is evaluated or counted. Thread-safe.
namespace otpgate {

Outcome<RequestOtpInput> Validate(const v1::RequestOtpRequest& request,
                                  const ValidationLimits& limits);
Outcome<ResendOtpInput> Validate(const v1::ResendOtpRequest& request,
                                 const ValidationLimits& limits);
Outcome<VerifyOtpInput> Validate(const v1::VerifyOtpRequest& request,
                                 const ValidationLimits& limits);
Outcome<RefreshTokenInput> Validate(const v1::RefreshTokenRequest& request);
Outcome<TokenInput> Validate(const v1::RevokeTokenRequest& request);
Outcome<TokenInput> Validate(const v1::IntrospectTokenRequest& request);
Outcome<SessionInput> Validate(const v1::RevokeSessionRequest& request);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_VALIDATION_REQUESTS_H_
