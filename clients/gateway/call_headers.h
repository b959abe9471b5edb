#ifndef OTPGATE_CLIENTS_GATEWAY_CALL_HEADERS_H_
#define OTPGATE_CLIENTS_GATEWAY_CALL_HEADERS_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/gateway/http/message.h"

namespace otpgate::gateway {

// gRPC metadata: names in lower case, values of printable ASCII.
using Metadata = std::vector<std::pair<std::string, std::string>>;

// With the value "cookie" a web application asks for SessionCookies.
inline constexpr char kSessionHeader[] = "x-otpgate-session";

// What of the headers of a request goes into the metadata of its RPC: `authorization`
// unless it is Basic (see CallerOf), `accept-language`, `traceparent` and `tracestate`. All others are dropped; `*-bin` and `grpc-*`
// would speak to gRPC itself, and `x-otpgate-*` belong to the gateway. A traceparent that breaks
// its form is dropped with its tracestate (W3C Trace Context, 3.2, 4). Thread-safe.
Metadata ForwardedHeaders(const HttpRequest& request);

// The calling service that a request names: the Basic credentials of its Authorization header, for
// x-otpgate-client-authorization. None: it has no such credentials. Those of another form than
// RFC 7617, 2 become ones of no caller, so that the server refuses them and nobody is taken for the
// gateway by mistake. Thread-safe.
std::optional<std::string> CallerOf(const HttpRequest& request);

// The first header that may come only once and came twice; null: there is none.
const char* RepeatedHeader(const HttpRequest& request);

// Whether the body is in a coding such as gzip (RFC 9110, 8.4), none of which is known here.
bool IsEncoded(const HttpRequest& request);

// The X-Request-Id of a request if it has 1 to 128 characters of [A-Za-z0-9._-]; none otherwise.
std::optional<std::string> GivenRequestId(const HttpRequest& request);

// The `request_id` that stands for an Idempotency-Key
// (draft-ietf-httpapi-idempotency-key-header-07): the UUID itself, or, for any other key, a UUID
// made of its hash (version 8; RFC 9562, 5.8). The key may have quotes around it, as the draft
// asks, or none. None: the key is empty, longer than 255 bytes, or not printable ASCII.
std::optional<std::string> RequestIdOf(absl::string_view idempotency_key);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_CALL_HEADERS_H_
