#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_COMPAT_ERROR_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_COMPAT_ERROR_H_

#include <google/protobuf/descriptor.h>
#include <google/rpc/status.pb.h>

#include <string>

#include "absl/strings/string_view.h"
#include "otpgate/v1/options.pb.h"

// Errors in the forms that older designs gave them: see CompatForm in options.proto. Functions of
// their arguments, safe on any thread.
namespace otpgate::gateway {

// The form that a method asks for; null: none.
v1::CompatForm CompatFormOf(const google::protobuf::MethodDescriptor* method);

// The HTTP status for an error that others answer with `http_status`: 404 for a design that is
// switched off, 422 for a malformed request in the form DETAIL.
int CompatStatus(v1::CompatForm form, int http_status, absl::string_view reason);

// The body for that status. `error` is what may be shown; `reason` is its ErrorReason or empty;
// `token_sent`: the request had a token, so 401 means that it is good for nothing any more.
std::string CompatBody(v1::CompatForm form, const google::rpc::Status& error, int http_status,
                       absl::string_view reason, bool token_sent);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_COMPAT_ERROR_H_
