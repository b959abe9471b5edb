#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_VIOLATION_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_VIOLATION_H_

#include <cstddef>
#include <string>

namespace otpgate::gateway {

// A part of an HTTP request that breaks the form its method documents. Never holds the value
// itself. Goes out as google.rpc.BadRequest.FieldViolation.
struct Violation {
  std::string field;        // "identifier.phone_number", in the names of the proto; "path", "query"
                            // or "body" for the part as a whole
  std::string description;  // "must be a string"

  friend bool operator==(const Violation&, const Violation&) = default;
};

// How many violations of one request are looked for.
inline constexpr size_t kMaxViolations = 16;

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_VIOLATION_H_
