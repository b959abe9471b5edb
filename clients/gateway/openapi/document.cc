#include "clients/gateway/openapi/document.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "clients/gateway/openapi/comments.h"
#include "clients/gateway/openapi/operation.h"
#include "clients/gateway/openapi/paths.h"
#include "clients/gateway/openapi/schemas.h"
#include "clients/gateway/openapi/shared_parts.h"
#include "clients/gateway/transcode/route_table.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using nlohmann::ordered_json;

constexpr std::array<const char*, 8> kMethods = {"GET",     "PUT",  "POST",  "DELETE",
                                                 "OPTIONS", "HEAD", "PATCH", "TRACE"};

constexpr char kOverRest[] =
    "Over REST: names in JSON are those of the fields in lowerCamelCase; the names of the protos, "
    "which the descriptions use, are understood too. Unknown fields are refused. Answers hold "
    "fields with default values; messages that are not set are left out. Errors are a `Status`, or "
    "a `Problem` if `Accept` prefers `application/problem+json`; `ErrorReason` lists the reasons. "
    "Of the headers above, clients send `authorization`; the gateway sets those that begin with "
    "`x-otpgate-`.";

// Gives operations their ids.
class OperationIds {
 public:
  std::string Next(const MethodDescriptor& method) {
    const int number = ++bindings_[&method];
    std::string id = number == 1 ? method.name() : absl::StrCat(method.name(), "_", number);
    if (!taken_.insert(id).second) {
      id = absl::StrCat(method.service()->name(), "_", id);
      taken_.insert(id);
    }
    return id;
  }

 private:
  std::map<const MethodDescriptor*, int> bindings_;
  std::set<std::string> taken_;
};

ordered_json InfoOf(absl::Span<const ServiceDescriptor* const> services, const ApiInfo& info) {
  std::string text;
  for (const ServiceDescriptor* service : services) text = Paragraphs(text, CommentOf(*service));
  return {{"title", info.title},
          {"version", info.version},
          {"description", Paragraphs(text, kOverRest)}};
}

ordered_json TagsOf(absl::Span<const ServiceDescriptor* const> services) {
  ordered_json tags = ordered_json::array();
  for (const ServiceDescriptor* service : services) {
    ordered_json tag{{"name", service->name()}};
    const std::string text = OneLine(FirstParagraph(CommentOf(*service)));
    if (!text.empty()) tag["description"] = text;
    tags.push_back(std::move(tag));
  }
  return tags;
}

absl::StatusOr<ordered_json> PathsOf(absl::Span<const Binding> bindings, Schemas& schemas) {
  ordered_json paths = ordered_json::object();
  ApiPaths api_paths;
  OperationIds ids;
  for (const Binding& binding : bindings) {
    const std::string id = ids.Next(*binding.method);
    if (std::count(kMethods.begin(), kMethods.end(), binding.http_method) == 0) continue;
    const ApiPath path = api_paths.Add(binding);
    ordered_json& slot = paths[path.text][absl::AsciiStrToLower(binding.http_method)];
    if (!slot.is_null()) {
      return absl::InvalidArgumentError(absl::StrCat(
          binding.method->full_name(), ": OpenAPI cannot tell its path from that of another rule"));
    }
    slot = OperationOf(binding, id, path, schemas);
  }
  return paths;
}

// Reasons are open: new ones may appear, so they are text, not an enum.
std::string ReasonText(const EnumDescriptor& reasons) {
  const std::string prefix(absl::StripSuffix(reasons.value(0)->name(), "UNSPECIFIED"));
  return Paragraphs(CommentOf(reasons), ValueList(reasons, prefix));
}

void AddSchemas(const Schemas& schemas, ordered_json& components) {
  std::map<std::string, ordered_json> sorted = schemas.all();
  for (const auto& [name, schema] : components["schemas"].items()) sorted[name] = schema;
  components["schemas"] = sorted;
}

// Linters complain about components that nothing refers to.
void DropUnused(ordered_json& document) {
  for (const char* kind : {"parameters", "responses", "headers"}) {
    const std::string text = document.dump();
    ordered_json used = ordered_json::object();
    for (const auto& [name, part] : document["components"][kind].items()) {
      const std::string reference = absl::StrCat("\"#/components/", kind, "/", name, "\"");
      if (text.find(reference) != std::string::npos) used[name] = part;
    }
    document["components"][kind] = std::move(used);
  }
}

}  // namespace

absl::StatusOr<ordered_json> OpenApiOf(absl::Span<const ServiceDescriptor* const> services,
                                       const ApiInfo& info) {
  OTPGATE_ASSIGN_OR_RETURN(const RouteTable routes, RouteTable::Create(services));
  Schemas schemas(routes.bindings(), SharedSchemaNames());
  ordered_json document{{"openapi", "3.1.0"}, {"info", InfoOf(services, info)}};
  document["servers"] = ordered_json::array({{{"url", "/"}}});
  document["tags"] = TagsOf(services);
  OTPGATE_ASSIGN_OR_RETURN(document["paths"], PathsOf(routes.bindings(), schemas));
  ordered_json components = SharedParts();
  if (info.reasons != nullptr) {
    components["schemas"]["ErrorReason"]["description"] = ReasonText(*info.reasons);
  }
  AddSchemas(schemas, components);
  document["components"] = std::move(components);
  DropUnused(document);
  return document;
}

}  // namespace otpgate::gateway
