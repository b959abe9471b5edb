#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_HTTP_CODES_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_HTTP_CODES_H_

#include "absl/strings/string_view.h"

// Codes of gRPC (google.rpc.Code) and of HTTP. Functions of their arguments, safe on any thread.
namespace otpgate::gateway {

// The HTTP status of a gRPC code, as google/rpc/code.proto has it; 500 for unknown numbers.
int HttpStatusOf(int code);

// The gRPC code of an error that the gateway makes itself, such as UNIMPLEMENTED for 405.
int CodeOfStatus(int http_status);

// The words of an HTTP status of an error: "Bad Request" (RFC 9110, 15; RFC 6585).
absl::string_view StatusTitle(int http_status);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_HTTP_CODES_H_
