#ifndef OTPGATE_CLIENTS_GATEWAY_REQUEST_LOG_H_
#define OTPGATE_CLIENTS_GATEWAY_REQUEST_LOG_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/log.h"

namespace otpgate::gateway {

// A request and how it was answered.
struct AnsweredRequest {
  absl::string_view method;  // of HTTP, as sent; empty: refused before it was a request
  absl::string_view path;
  absl::string_view rpc;  // "otpgate.v1.AuthService/VerifyOtp"; empty: none was called
  int status = 0;
  absl::Duration took;             // from the complete request to its response
  absl::string_view x_request_id;  // of the response; well-formed (GivenRequestId)
  absl::string_view address;       // of the end user
};

// Writes the line of a request:
//   {...,"event":"HTTP","method":"POST","rpc":"otpgate.v1.AuthService/VerifyOtp","status":200,
//    "duration_us":5301,"x_request_id":"8e03978e-..."}
// Nothing of path, query, headers and body is in it, but for X-Request-Id; "peer", the address, only
// with 401, as in the log of the server. Level: error for 500, debug for probes, otherwise info.
// Thread-safe.
void LogAnswer(const AnsweredRequest& answered, Log& log);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_REQUEST_LOG_H_
