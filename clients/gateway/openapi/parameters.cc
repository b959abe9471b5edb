#include "clients/gateway/openapi/parameters.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/gateway/openapi/comments.h"
#include "clients/gateway/openapi/json_types.h"
#include "otpgate/v1/options.pb.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::ordered_json;

ordered_json Parameter(const std::string& name, const char* place, const std::string& text,
                       bool required, ordered_json schema) {
  ordered_json parameter{{"name", name}, {"in", place}};
  if (!text.empty()) parameter["description"] = text;
  if (required) parameter["required"] = true;
  parameter["schema"] = std::move(schema);
  return parameter;
}

ordered_json InPath(const PathParameter& parameter, Schemas& schemas) {
  if (parameter.field == nullptr) {
    return Parameter(parameter.name, "path", "", true, {{"type", "string"}});
  }
  return Parameter(parameter.name, "path", Paragraphs(CommentOf(*parameter.field), parameter.note),
                   true, schemas.Value(*parameter.field, Direction::kRequest));
}

// Lists the fields that a query may set.
class QueryFields {
 public:
  QueryFields(const Binding& binding, Schemas& schemas, ordered_json& parameters)
      : binding_(binding), schemas_(schemas), parameters_(parameters) {}

  void AddFieldsOf(const Descriptor& message) {
    if (std::count(within_.begin(), within_.end(), &message) > 0) return;  // it holds itself
    within_.push_back(&message);
    for (int i = 0; i < message.field_count(); ++i) {
      steps_.push_back(message.field(i));
      Add(*message.field(i));
      steps_.pop_back();
    }
    within_.pop_back();
  }

 private:
  void Add(const FieldDescriptor& field) {
    if (IsElsewhere(field)) return;
    if (field.message_type() == nullptr) {
      const std::string comment = CommentOf(field);
      ordered_json parameter =
          Parameter(JsonPath(steps_), "query", comment, SaysRequired(comment) && steps_.size() == 1,
                    schemas_.Value(field, Direction::kRequest));
      if (field.options().deprecated()) parameter["deprecated"] = true;
      parameters_.push_back(std::move(parameter));
    } else if (!field.is_repeated() && !WellKnownSchema(*field.message_type())) {
      AddFieldsOf(*field.message_type());
    }
  }

  bool IsElsewhere(const FieldDescriptor& field) const {
    const std::string name = absl::StrJoin(
        steps_, ".",
        [](std::string* out, const FieldDescriptor* step) { out->append(step->name()); });
    const std::vector<std::string>& bound = binding_.bound;
    return (steps_.size() == 1 && &field == binding_.body) ||
           std::count(bound.begin(), bound.end(), name) > 0;
  }

  const Binding& binding_;
  Schemas& schemas_;
  ordered_json& parameters_;
  std::vector<const Descriptor*> within_;
  std::vector<const FieldDescriptor*> steps_;
};

ordered_json SharedParameter(const char* name) {
  return {{"$ref", absl::StrCat("#/components/parameters/", name)}};
}

}  // namespace

ordered_json ParametersOf(const Binding& binding, const ApiPath& path, Schemas& schemas) {
  ordered_json parameters = ordered_json::array();
  for (const PathParameter& parameter : path.parameters) {
    parameters.push_back(InPath(parameter, schemas));
  }
  const Descriptor& request = *binding.method->input_type();
  if (!binding.whole_body) QueryFields(binding, schemas, parameters).AddFieldsOf(request);
  if (request.FindFieldByName("request_id") != nullptr) {
    parameters.push_back(SharedParameter("IdempotencyKey"));
  }
  if (CacheSeconds(binding) > 0) parameters.push_back(SharedParameter("IfNoneMatch"));
  return parameters;
}

uint32_t CacheSeconds(const Binding& binding) {
  return binding.method->options().GetExtension(v1::cache_seconds);
}

}  // namespace otpgate::gateway
