#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_QUERY_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_QUERY_H_

#include <google/protobuf/message.h>

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/gateway/transcode/binding.h"
#include "clients/gateway/transcode/violation.h"

namespace otpgate::gateway {

inline constexpr size_t kMaxQueryParameters = 64;

// Sets the fields that a query ("shelf.id=7&tags=a&tags=b") names, in either spelling, by the rules
// of google/api/http.proto; "+" is a space. Returns what is wrong, up to kMaxViolations; after that
// `message` may be half filled. Refused:
//   * a field that is not there, is a message, or lies within a repeated field;
//   * a second value for a field that is not repeated, or another member of a oneof;
//   * a field that the path or the body sets: each field has one source;
//   * a text that is no value of the field, no UTF-8, has control characters or bad escapes;
//   * more than kMaxQueryParameters.
// Pieces without a character, as in "a=1&&b=2", are skipped. Safe on any thread as long as
// `message` is not shared.
std::vector<Violation> ApplyQuery(absl::string_view query, const Binding& binding,
                                  google::protobuf::Message& message);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_QUERY_H_
