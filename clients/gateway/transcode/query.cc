#include "clients/gateway/transcode/query.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "clients/gateway/transcode/field_path.h"
#include "clients/gateway/transcode/percent.h"

namespace otpgate::gateway {
namespace {

// One name or value of a query, decoded.
std::optional<std::string> DecodePart(absl::string_view raw) {
  std::optional<std::string> part = PercentDecode(raw, {.plus_is_space = true});
  return part && IsCleanText(*part) ? std::move(part) : std::nullopt;
}

// Takes the parameters of one query.
class QueryReader {
 public:
  QueryReader(const Binding& binding, google::protobuf::Message& message)
      : binding_(binding), message_(message) {}

  std::optional<Violation> Take(absl::string_view parameter) {
    const std::pair<absl::string_view, absl::string_view> raw =
        absl::StrSplit(parameter, absl::MaxSplits('=', 1));
    const std::optional<std::string> name = DecodePart(raw.first);
    if (!name) return Violation{"query", "has a name that is not clean text in percent-encoding"};
    absl::StatusOr<FieldPath> field = ResolveFieldPath(*message_.GetDescriptor(), *name);
    if (!field.ok()) return Violation{ShownName(*name), std::string(field.status().message())};
    const absl::Status set = Set(*field, raw.second);
    if (set.ok()) return std::nullopt;
    return Violation{field->name, std::string(set.message())};
  }

 private:
  absl::Status Set(const FieldPath& field, absl::string_view raw) {
    OTPGATE_RETURN_IF_ERROR(CheckSource(field.name));
    if (!seen_.insert(field.name).second && !field.leaf().is_repeated()) {
      return absl::InvalidArgumentError("must not come twice");
    }
    const std::optional<std::string> text = DecodePart(raw);
    if (!text)
      return absl::InvalidArgumentError(
          "must be UTF-8 without control characters in percent-encoding");
    return SetFromText(field, *text, message_);
  }

  absl::Status CheckSource(absl::string_view name) const {
    for (const std::string& bound : binding_.bound) {
      if (name == bound) return absl::InvalidArgumentError("is set by the path");
    }
    const bool in_body =
        binding_.whole_body || (binding_.body != nullptr && IsWithin(name, binding_.body->name()));
    if (in_body) return absl::InvalidArgumentError("belongs to the body, not to the query");
    return absl::OkStatus();
  }

  const Binding& binding_;
  google::protobuf::Message& message_;
  absl::flat_hash_set<std::string> seen_;
};

}  // namespace

std::vector<Violation> ApplyQuery(absl::string_view query, const Binding& binding,
                                  google::protobuf::Message& message) {
  QueryReader reader(binding, message);
  std::vector<Violation> violations;
  size_t count = 0;
  for (absl::string_view parameter : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    if (++count > kMaxQueryParameters) {
      return {
          {"query", absl::StrCat("must not have more than ", kMaxQueryParameters, " parameters")}};
    }
    if (violations.size() == kMaxViolations) continue;
    if (std::optional<Violation> violation = reader.Take(parameter)) {
      violations.push_back(*std::move(violation));
    }
  }
  return violations;
}

}  // namespace otpgate::gateway
