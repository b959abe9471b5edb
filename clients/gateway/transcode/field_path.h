#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_FIELD_PATH_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_FIELD_PATH_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Fields that a URL sets, such as `shelf.id` of "?shelf.id=7". Safe on any thread as long as the
// message is not shared.
namespace otpgate::gateway {

// Fields are looked for to this depth; types that contain themselves have no end.
inline constexpr size_t kMaxFieldDepth = 16;

// A scalar or enum field, seen from the request.
struct FieldPath {
  std::vector<const google::protobuf::FieldDescriptor*> steps;  // the last is the field itself
  std::string name;                                             // "shelf.id", in proto names

  const google::protobuf::FieldDescriptor& leaf() const { return *steps.back(); }
};

// The field by its name in the proto or in JSON; null if there is none.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor& type,
                                                   absl::string_view name);

// A name that came with a request as it may be shown: itself if it could be that of a field, else
// "(unknown)".
std::string ShownName(absl::string_view name);

// Finds the field at a dotted path of names, each in either spelling. The error is a description
// for a violation.
//   NOT_FOUND         there is no such field
//   INVALID_ARGUMENT  it is a message, or within a repeated field or a map
absl::StatusOr<FieldPath> ResolveFieldPath(const google::protobuf::Descriptor& type,
                                           absl::string_view dotted);

// Sets the field in `root`, or adds an element when it is repeated. INVALID_ARGUMENT, with a
// description for a violation: `text` is no value of the field, or another member of a oneof on
// the path is set.
absl::Status SetFromText(const FieldPath& path, absl::string_view text,
                         google::protobuf::Message& root);

// Whether the field `inner` ("a.b") is `outer` ("a") or lies within it.
bool IsWithin(absl::string_view inner, absl::string_view outer);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_FIELD_PATH_H_
