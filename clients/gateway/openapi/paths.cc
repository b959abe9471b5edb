#include "clients/gateway/openapi/paths.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using Kind = TemplateSegment::Kind;

// The variable that a segment belongs to; variables.size(): none.
size_t VariableAt(const PathTemplate& path, size_t segment) {
  size_t i = 0;
  while (i < path.variables.size() &&
         (segment < path.variables[i].begin || segment >= path.variables[i].end)) {
    ++i;
  }
  return i;
}

std::string SegmentText(const TemplateSegment& segment) {
  if (segment.kind == Kind::kLiteral) return segment.literal;
  return segment.kind == Kind::kOne ? "*" : "**";
}

std::string TemplateText(const PathTemplate& path, const TemplateVariable& variable) {
  std::vector<std::string> parts;
  for (size_t i = variable.begin; i < variable.end; ++i) {
    parts.push_back(SegmentText(path.segments[i]));
  }
  return absl::StrJoin(parts, "/");
}

// Cuts a template into its parameters and the texts around them.
class PathReader {
 public:
  explicit PathReader(const Binding& binding) : binding_(binding) {
    for (size_t i = 0; i < binding.path.segments.size(); ++i) {
      const TemplateSegment& segment = binding.path.segments[i];
      texts_.back() += '/';
      if (segment.kind == Kind::kLiteral) {
        texts_.back() += segment.literal;
      } else {
        parameters_.push_back(ParameterAt(i));
        texts_.emplace_back();
      }
    }
    if (!binding.path.verb.empty()) absl::StrAppend(&texts_.back(), ":", binding.path.verb);
  }

  // One more than there are parameters.
  const std::vector<std::string>& texts() const { return texts_; }
  const std::vector<PathParameter>& parameters() const { return parameters_; }

 private:
  PathParameter ParameterAt(size_t segment) {
    const size_t index = VariableAt(binding_.path, segment);
    const int number = ++counts_[index];
    PathParameter parameter;
    if (index == binding_.variables.size()) {
      parameter.name = absl::StrCat("segment", number);
      return parameter;
    }
    const FieldPath& field = binding_.variables[index];
    parameter.name = JsonPath(field.steps);
    parameter.field = &field.leaf();
    if (number > 1) absl::StrAppend(&parameter.name, ".", number);
    if (binding_.path.variables[index].several) {
      parameter.note = absl::StrCat("Wildcard ", number, " of `",
                                    TemplateText(binding_.path, binding_.path.variables[index]),
                                    "`, which is the value of `", field.name, "`.");
    }
    return parameter;
  }

  const Binding& binding_;
  std::map<size_t, int> counts_;  // wildcards by variable
  std::vector<std::string> texts_ = {""};
  std::vector<PathParameter> parameters_;
};

}  // namespace

std::string JsonPath(const std::vector<const FieldDescriptor*>& steps) {
  return absl::StrJoin(steps, ".", [](std::string* out, const FieldDescriptor* step) {
    out->append(step->json_name());
  });
}

ApiPath ApiPaths::Add(const Binding& binding) {
  const PathReader reader(binding);
  const auto [place, is_new] = names_.try_emplace(absl::StrJoin(reader.texts(), "{}"));
  std::vector<std::string>& names = place->second;
  ApiPath path{reader.texts()[0], reader.parameters()};
  for (size_t i = 0; i < path.parameters.size(); ++i) {
    if (is_new) names.push_back(path.parameters[i].name);
    path.parameters[i].name = names[i];
    absl::StrAppend(&path.text, "{", names[i], "}", reader.texts()[i + 1]);
  }
  return path;
}

}  // namespace otpgate::gateway
