#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_REPLY_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_REPLY_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/gateway/transcode/binding.h"

// Replies of RPCs as bodies of HTTP responses. Safe on any thread.
namespace otpgate::gateway {

// The reply of a method from its bytes. INTERNAL: they are none.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> ParseReply(
    const google::protobuf::MethodDescriptor& method, absl::string_view bytes);

// The reply as proto3 JSON in one line, names in lowerCamelCase, fields with default values
// included; only the field that response_body names, where the binding has one. INTERNAL: the
// message has no JSON, such as a timestamp out of range.
absl::StatusOr<std::string> RenderReply(const google::protobuf::Message& reply,
                                        const Binding& binding);

// The value of `RateLimit` that a reply holds, by the mark `resets_quota` of a field (options.proto):
// "resend_cooldown";r=0;t=30 (draft-ietf-httpapi-ratelimit-headers-11). Empty: it holds none. What
// is left of the quotas of identifiers and addresses is not told to those who are let in: it would
// tell how often others have asked.
std::string RateLimitOf(const google::protobuf::Message& reply);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_REPLY_H_
