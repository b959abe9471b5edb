#ifndef OTPGATE_CLIENTS_GATEWAY_RESPONSE_HEADERS_H_
#define OTPGATE_CLIENTS_GATEWAY_RESPONSE_HEADERS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "clients/gateway/http/message.h"
#include "clients/gateway/transcode/error_body.h"

// Headers and forms that responses have in common. Functions of their arguments, safe on any
// thread.
namespace otpgate::gateway {

// The form of errors that a request and the method it is for ask for; null: no method.
ErrorStyle StyleFor(const HttpRequest& request,
                    const google::protobuf::MethodDescriptor* method = nullptr);

// An error as a response.
HttpResponse ToResponse(HttpError error);

// A reply of a method whose answers may be kept for `max_age` seconds by anyone; 0: by nobody. What
// may be kept has an ETag: a request that knows it gets 304 (RFC 9110, 13.1.2), one that wants another
// (If-Match, 13.1.1) 412.
HttpResponse ToResponse(const HttpRequest& request, std::string json, uint32_t max_age);

// Adds what every response has: X-Request-Id, no-store where nothing else is said, and the security
// headers for an API that serves no pages (OWASP REST Security Cheat Sheet).
void AddCommonHeaders(HttpResponse& response, absl::string_view request_id, bool secure);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_RESPONSE_HEADERS_H_
