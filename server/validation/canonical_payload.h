#ifndef OTPGATE_SERVER_VALIDATION_CANONICAL_PAYLOAD_H_
#define OTPGATE_SERVER_VALIDATION_CANONICAL_PAYLOAD_H_

#include <string>

#include "server/validation/requests.h"

namespace otpgate::validation {

// The bytes that a request_id is bound to: the method and every field with a meaning, each preceded
// by its length, so that equal bytes mean an equal request, however it was spelled. The request_id
// itself is not part of them.
//
// The result may hold the code: it is only used as the input of a keyed MAC, never stored or
// logged. The MACs are stored for 24 hours, so a new field is appended, and only when it is set.
// Pure.
std::string CanonicalPayload(const RequestOtpInput& input);
std::string CanonicalPayload(const ResendOtpInput& input);
std::string CanonicalPayload(const VerifyOtpInput& input);

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_CANONICAL_PAYLOAD_H_
