#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_STRICT_JSON_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_STRICT_JSON_H_

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "clients/gateway/transcode/violation.h"

// Stands before protobuf's JSON parser, which takes single quotes, names without quotes, trailing
// commas, the last of several equal members, and numbers for strings. Two programs that read one
// text differently are a hole; this accepts only what all readers read alike.
//
// Accepted: RFC 8259 in UTF-8 without a byte order mark, at most kMaxJsonLevels deep, in which each
// object has known members only, each once (in either spelling: `user_type` or `userType`), at
// most one of each oneof, and values of the forms of the proto3 JSON mapping:
//   * a string field takes only a string, a bool only true or false;
//   * an integer takes a whole number in range without fraction or exponent, or one in quotes;
//     a number without quotes not beyond 2^53 - 1, which is what JavaScript can hold;
//   * an enum takes the name or number of a declared value;
//   * null means an absent field and cannot stand in a list.
// google.protobuf.Any is not accepted. The text within the strings of Timestamp, Duration and
// FieldMask is left to the parser.
//
// Safe on any thread.
namespace otpgate::gateway {

inline constexpr int kMaxJsonLevels = 16;

// Members of objects that are no field of their message.
enum class UnknownMembers { kRefused, kIgnored };

// What is wrong with `text` as the JSON of a message; nothing if it is accepted. A text that is no
// JSON at all has one violation, of "body"; otherwise all are told, up to kMaxViolations. `bound`:
// fields ("shelf.id") that another part of the request sets, so that no member may.
std::vector<Violation> CheckJson(absl::string_view text, const google::protobuf::Descriptor& type,
                                 absl::Span<const std::string> bound = {},
                                 UnknownMembers unknown = UnknownMembers::kRefused);

// The same for the JSON of one field, of any type: an array for a repeated one.
std::vector<Violation> CheckJsonValue(absl::string_view text,
                                      const google::protobuf::FieldDescriptor& field);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_STRICT_JSON_H_
