#ifndef OTPGATE_SERVER_VALIDATION_CANONICAL_PAYLOAD_H_
#define OTPGATE_SERVER_VALIDATION_CANONICAL_PAYLOAD_H_

#include <string>

#include "server/validation/inputs.h"

namespace otpgate {

// The bytes a request_id is bound to: method and every field that carries meaning, each behind its
// length, so that equal bytes mean an equal request however it was spelled. The request_id itself
// is not part of it.
//
// Holds the code: only ever the input of a keyed MAC, never stored or logged. Pure. The layout is
// stored (as MACs) for 24 hours: a new field goes to the end and only when it is set.
std::string CanonicalPayload(const RequestOtpInput& input);
std::string CanonicalPayload(const ResendOtpInput& input);
std::string CanonicalPayload(const VerifyOtpInput& input);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_VALIDATION_CANONICAL_PAYLOAD_H_
