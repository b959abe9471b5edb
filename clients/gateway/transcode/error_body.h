#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ERROR_BODY_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ERROR_BODY_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/gateway/transcode/transcoder.h"

// Errors as HTTP responses: those of the service and those that the gateway makes look the same.
// Functions of their arguments, safe on any thread.
namespace otpgate::gateway {

// An HTTP response that tells an error.
struct HttpError {
  int status = 500;
  std::string content_type;  // application/json or application/problem+json
  std::string body;
  // Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate, Allow
  std::vector<std::pair<std::string, std::string>> headers;
};

// How an RPC ended that did not succeed.
struct RpcError {
  int code = 2;               // grpc-status, a google.rpc.Code
  absl::string_view message;  // grpc-message, decoded
  absl::string_view details;  // grpc-status-details-bin, decoded: a google.rpc.Status; or empty
};

// What the answer to one request depends on besides the error.
struct ErrorStyle {
  bool problem_json = false;  // PrefersProblemJson(Accept)
  bool token_sent = false;    // the request had a bearer token
};

// The answer to a refused RPC. The body is either
//   application/json          google.rpc.Status: {"code":8,"message":"...","details":[...]}, where
//                             `code` is the number of gRPC, as Envoy and grpc-gateway write it;
//   application/problem+json  RFC 9457: type (urn:otpgate:reason:<reason> or about:blank), title,
//                             status, detail, and as extensions code, reason and details.
// Details are those of google.rpc; others, and DebugInfo, are dropped. The message of an error
// without ErrorInfo is replaced: it comes from gRPC and may name addresses of servers. Status:
// that of its reason in errors.proto, else HttpStatusOf (http_codes.h). Headers:
//   Retry-After        seconds of RetryInfo, rounded up, at least 1
//   RateLimit          429 with QuotaFailure and RetryInfo: "subject_sends";r=0;t=412
//                      (draft-ietf-httpapi-ratelimit-headers-11)
//   RateLimit-Policy   429 where the service tells the size of the quota: "subject_sends";q=3;w=900
//   WWW-Authenticate   401: Bearer realm="otpgate", with error="invalid_token" when a token was sent
//                      (RFC 6750, 3)
HttpError ErrorOf(const RpcError& error, const ErrorStyle& style);

// The reason of a refused RPC, a name of otpgate.v1.ErrorReason without its prefix; empty if the
// error is not of the service.
std::string ReasonOf(const RpcError& error);

// The answer to a request that means no RPC, or that the gateway refuses by itself: any 4xx or
// 5xx status, 408 and 431 too. Carries ErrorInfo INVALID_REQUEST where the gRPC code is
// INVALID_ARGUMENT, BadRequest where there are violations, and the header Allow for 405.
HttpError ErrorOf(const Rejection& rejection, const ErrorStyle& style);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ERROR_BODY_H_
