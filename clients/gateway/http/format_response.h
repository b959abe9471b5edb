#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_FORMAT_RESPONSE_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_FORMAT_RESPONSE_H_

#include <string>

#include "absl/time/time.h"
#include "clients/gateway/http/message.h"

namespace otpgate::gateway {

// What a response depends on beside itself.
struct ResponseContext {
  bool head_request = false;  // to HEAD: Content-Length as for GET, but no body
  bool http11 = true;         // the version of the request
  bool keep_alive = true;     // false: the connection is closed after it
};

// Whether it can be sent: see HttpResponse.
bool IsWellFormed(const HttpResponse& response);

// The bytes of a well-formed response (RFC 9112, 4 and 6), with Date, Content-Length and
// Connection. The version is always HTTP/1.1.
std::string FormatResponse(const HttpResponse& response, const ResponseContext& context,
                           absl::Time now);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_FORMAT_RESPONSE_H_
