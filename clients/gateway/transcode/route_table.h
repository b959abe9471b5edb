#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ROUTE_TABLE_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ROUTE_TABLE_H_

#include <google/protobuf/descriptor.h>

#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "clients/gateway/transcode/binding.h"
#include "clients/gateway/transcode/route_tree.h"

namespace otpgate::gateway {

// The method that an HTTP request is for.
struct Match {
  const Binding* binding = nullptr;  // lives as long as the table
  std::vector<std::string> values;   // of binding->variables, decoded
};
// No method has this path.
struct NotFound {};
// Methods have this path, but with other HTTP methods.
struct MethodNotAllowed {
  std::vector<std::string> allow;  // sorted, for the header Allow (RFC 9110, 10.2.1)
};
// No honest client sends such a path: see ParseRequestPath.
struct MalformedPath {
  std::string description;  // "has an invalid percent escape"
};

using LookupResult = std::variant<Match, NotFound, MethodNotAllowed, MalformedPath>;

// The routes of services, read from their google.api.http annotations. Thread-safe: it does not
// change.
class RouteTable {
 public:
  // INVALID_ARGUMENT, naming the method: an annotation is wrong (see BindingsOf), or two rules have
  // the same HTTP method and path. Methods without an annotation have no route.
  static absl::StatusOr<RouteTable> Create(
      absl::Span<const google::protobuf::ServiceDescriptor* const> services);

  // Finds the method for an HTTP method, in its exact spelling, and a raw path. Among templates
  // that match the path the most specific one with the HTTP method wins: a verb (":request") before
  // none, a literal before "*" before "**". HEAD is GET where it has no rule of its own (RFC 9110,
  // 9.3.2).
  LookupResult Lookup(absl::string_view http_method, absl::string_view path) const;

  // All bindings, in the order of the services.
  absl::Span<const Binding> bindings() const { return bindings_; }

 private:
  RouteTable() = default;
  absl::Status Add(const google::protobuf::MethodDescriptor& method);

  std::vector<Binding> bindings_;  // the tree has their indices
  RouteTree tree_;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ROUTE_TABLE_H_
