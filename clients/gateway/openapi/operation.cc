#include "clients/gateway/openapi/operation.h"

#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/gateway/openapi/comments.h"
#include "clients/gateway/openapi/parameters.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::Descriptor;
using nlohmann::ordered_json;

ordered_json JsonContent(ordered_json schema) {
  return {{"application/json", {{"schema", std::move(schema)}}}};
}

ordered_json SharedPart(const char* kind, const char* name) {
  return {{"$ref", absl::StrCat("#/components/", kind, "/", name)}};
}

ordered_json BodySchema(const Binding& binding, Schemas& schemas) {
  if (!binding.whole_body) return schemas.Field(*binding.body, Direction::kRequest);
  const Descriptor& request = *binding.method->input_type();
  if (binding.bound.empty()) return schemas.Message(request, Direction::kRequest);
  return schemas.Object(request, Direction::kRequest, binding.bound);
}

bool NeedsBody(const Binding& binding) {
  if (!binding.whole_body) return SaysRequired(CommentOf(*binding.body));
  const Descriptor& request = *binding.method->input_type();
  for (int i = 0; i < request.field_count(); ++i) {
    const std::string& name = request.field(i)->name();
    const bool in_path = std::count(binding.bound.begin(), binding.bound.end(), name) > 0;
    if (!in_path && SaysRequired(CommentOf(*request.field(i)))) return true;
  }
  return false;
}

// What RenderReply (reply.h) writes.
ordered_json ReplySchema(const Binding& binding, Schemas& schemas) {
  if (binding.response == nullptr) {
    return schemas.Message(*binding.method->output_type(), Direction::kResponse);
  }
  return schemas.Value(*binding.response, Direction::kResponse);
}

ordered_json Success(const Binding& binding, Schemas& schemas) {
  const std::string text = CommentOf(*binding.method->output_type());
  ordered_json response{{"description", text.empty() ? "Success." : text},
                        {"headers", {{"X-Request-Id", SharedPart("headers", "RequestId")}}}};
  if (const uint32_t seconds = CacheSeconds(binding)) {
    response["headers"]["Cache-Control"] = {
        {"description", absl::StrCat("`public, max-age=", seconds, "`")},
        {"schema", {{"type", "string"}}}};
    response["headers"]["ETag"] = SharedPart("headers", "ETag");
  }
  response["content"] = JsonContent(ReplySchema(binding, schemas));
  return response;
}

ordered_json Responses(const Binding& binding, Schemas& schemas) {
  ordered_json responses{{"200", Success(binding, schemas)}};
  if (CacheSeconds(binding) > 0) responses["304"] = SharedPart("responses", "NotModified");
  responses["401"] = SharedPart("responses", "Unauthenticated");
  responses["429"] = SharedPart("responses", "TooManyRequests");
  responses["default"] = SharedPart("responses", "Error");
  return responses;
}

}  // namespace

ordered_json OperationOf(const Binding& binding, const std::string& id, const ApiPath& path,
                         Schemas& schemas) {
  const std::string comment = CommentOf(*binding.method);
  ordered_json operation{{"operationId", id},
                         {"tags", ordered_json::array({binding.method->service()->name()})}};
  if (!comment.empty()) {
    operation["summary"] = FirstSentence(comment);
    operation["description"] = comment;
  }
  if (binding.method->options().deprecated()) operation["deprecated"] = true;
  operation["security"] = SecurityOf(comment);
  ordered_json parameters = ParametersOf(binding, path, schemas);
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  if (binding.takes_body()) {
    operation["requestBody"] = {{"required", NeedsBody(binding)},
                                {"content", JsonContent(BodySchema(binding, schemas))}};
  }
  operation["responses"] = Responses(binding, schemas);
  return operation;
}

ordered_json SecurityOf(absl::string_view comment) {
  const ordered_json none = ordered_json::object();
  const ordered_json bearer{{"bearer", ordered_json::array()}};
  if (absl::StrContains(FirstSentence(comment), "the account of the bearer token")) {
    return ordered_json::array({bearer});
  }
  const std::string text = OneLine(comment);
  const bool optional =
      absl::StrContains(text, "bearer token") && !absl::StrContains(text, "Needs no bearer token");
  return optional ? ordered_json::array({none, bearer}) : ordered_json::array();
}

}  // namespace otpgate::gateway
