#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_PATH_TEMPLATE_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_PATH_TEMPLATE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/gateway/transcode/request_path.h"

// Path templates of google.api.http ("Path template syntax" in google/api/http.proto). Plain data
// and functions of their arguments, safe on any thread.
namespace otpgate::gateway {

// One place between slashes.
struct TemplateSegment {
  enum class Kind : uint8_t {
    kLiteral,
    kOne,   // "*": any one segment
    kMany,  // "**": all that follow, none included; always the last
  };

  Kind kind = Kind::kLiteral;
  std::string literal;  // kLiteral: decoded

  friend bool operator==(const TemplateSegment&, const TemplateSegment&) = default;
};

// "{name=shelves/*}": a field of the request whose value is a piece of the path.
struct TemplateVariable {
  std::string field;  // "name", or "shelf.id" for a field of a field
  size_t begin = 0;   // its segments in PathTemplate::segments, end excluded
  size_t end = 0;
  // Its template has several segments or "**". Then "%2F" stays in the value, because a slash
  // separates segments there; otherwise it is decoded as everything else.
  bool several = false;

  friend bool operator==(const TemplateVariable&, const TemplateVariable&) = default;
};

// "/v1/{name=shelves/*}:read" cut into pieces.
struct PathTemplate {
  std::vector<TemplateSegment> segments;    // of the variables too
  std::vector<TemplateVariable> variables;  // in the order of the path
  std::string verb;                         // "read"; empty: none
};

// Parses a template. INVALID_ARGUMENT: it breaks the grammar, has "**" in the middle, names a
// field twice, or has a literal that no path can have.
absl::StatusOr<PathTemplate> ParsePathTemplate(absl::string_view text);

// The values of the variables, in their order, in a path that matches (and has no verb any more).
std::vector<std::string> VariableValues(const PathTemplate& path_template, const RequestPath& path);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_PATH_TEMPLATE_H_
