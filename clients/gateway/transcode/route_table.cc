#include "clients/gateway/transcode/route_table.h"

#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace otpgate::gateway {
namespace {

// The route for a method among those of one path.
std::optional<size_t> RouteFor(absl::string_view http_method, const RoutesByMethod& routes) {
  for (absl::string_view method : {http_method, absl::string_view("*")}) {
    if (const auto route = routes.find(method); route != routes.end()) return route->second;
    if (const auto get = routes.find("GET"); method == "HEAD" && get != routes.end()) {
      return get->second;
    }
  }
  return std::nullopt;
}

MethodNotAllowed Others(const std::vector<const RoutesByMethod*>& found) {
  std::set<std::string> methods;
  for (const RoutesByMethod* routes : found) {
    for (const auto& [method, route] : *routes) {
      methods.insert(method);
      if (method == "GET") methods.insert("HEAD");
    }
  }
  return {{methods.begin(), methods.end()}};
}

}  // namespace

absl::StatusOr<RouteTable> RouteTable::Create(
    absl::Span<const google::protobuf::ServiceDescriptor* const> services) {
  RouteTable table;
  for (const google::protobuf::ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      OTPGATE_RETURN_IF_ERROR(table.Add(*service->method(i)));
    }
  }
  return table;
}

absl::Status RouteTable::Add(const google::protobuf::MethodDescriptor& method) {
  OTPGATE_ASSIGN_OR_RETURN(std::vector<Binding> bindings, BindingsOf(method));
  for (Binding& binding : bindings) {
    if (!tree_.Add(binding.path, binding.http_method, bindings_.size())) {
      return absl::InvalidArgumentError(
          absl::StrCat(method.full_name(), ": another rule has the same HTTP method and path"));
    }
    bindings_.push_back(std::move(binding));
  }
  return absl::OkStatus();
}

LookupResult RouteTable::Lookup(absl::string_view http_method, absl::string_view path) const {
  const absl::StatusOr<RequestPath> whole = ParseRequestPath(path);
  if (absl::IsNotFound(whole.status())) return NotFound{};
  if (!whole.ok()) return MalformedPath{std::string(whole.status().message())};

  std::vector<const RoutesByMethod*> found;
  const std::optional<PathWithVerb> split = SplitVerb(*whole);
  if (split) found = tree_.Find(split->path.segments, split->verb);
  const size_t with_verb = found.size();
  for (const RoutesByMethod* routes : tree_.Find(whole->segments, "")) found.push_back(routes);

  for (size_t i = 0; i < found.size(); ++i) {
    if (const std::optional<size_t> route = RouteFor(http_method, *found[i])) {
      const Binding& binding = bindings_[*route];
      return Match{&binding, VariableValues(binding.path, i < with_verb ? split->path : *whole)};
    }
  }
  if (found.empty()) return NotFound{};
  return Others(found);
}

}  // namespace otpgate::gateway
