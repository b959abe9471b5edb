#ifndef OTPGATE_SERVER_VALIDATION_REDACT_REDACT_H_
#define OTPGATE_SERVER_VALIDATION_REDACT_REDACT_H_

#include <google/protobuf/message.h>

#include <string>

namespace otpgate {

// The message as it may be logged: one line of ASCII JSON with the fields that are set, in the
// order of their numbers. Fields marked (otpgate.v1.secret) read "[secret]", strings marked
// (otpgate.v1.personal) are masked, other strings are cut after 64 bytes. Unknown fields are left
// out: nobody has marked them.
//
// Never use DebugString() or a JSON printer on a message of ours instead: they print everything.
// Pure; safe to call from any thread.
std::string Redacted(const google::protobuf::Message& message);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_VALIDATION_REDACT_REDACT_H_
