#include "clients/gateway/transcode/path_template.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "clients/gateway/transcode/percent.h"

namespace otpgate::gateway {
namespace {

using Kind = TemplateSegment::Kind;

// Reads a template from left to right; each function takes what it is named after.
class TemplateReader {
 public:
  explicit TemplateReader(absl::string_view text) : rest_(text) {}

  absl::StatusOr<PathTemplate> Template() {
    if (!absl::ConsumePrefix(&rest_, "/")) return Bad("must begin with a slash");
    OTPGATE_RETURN_IF_ERROR(Segments(/*in_variable=*/false));
    if (absl::ConsumePrefix(&rest_, ":")) {
      OTPGATE_ASSIGN_OR_RETURN(result_.verb, Literal());
    }
    if (!rest_.empty()) return Bad("has characters that stand for nothing");
    return std::move(result_);
  }

 private:
  static absl::Status Bad(absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("the path template ", what));
  }

  absl::Status Segments(bool in_variable) {
    do {
      if (!result_.segments.empty() && result_.segments.back().kind == Kind::kMany) {
        return Bad("has ** before its end");
      }
      if (absl::ConsumePrefix(&rest_, "{")) {
        if (in_variable) return Bad("has a variable within a variable");
        OTPGATE_RETURN_IF_ERROR(Variable());
      } else {
        OTPGATE_RETURN_IF_ERROR(Segment());
      }
    } while (absl::ConsumePrefix(&rest_, "/"));
    return absl::OkStatus();
  }

  absl::Status Segment() {
    if (absl::ConsumePrefix(&rest_, "**")) {
      result_.segments.push_back({Kind::kMany, ""});
    } else if (absl::ConsumePrefix(&rest_, "*")) {
      result_.segments.push_back({Kind::kOne, ""});
    } else {
      OTPGATE_ASSIGN_OR_RETURN(std::string literal, Literal());
      result_.segments.push_back({Kind::kLiteral, std::move(literal)});
    }
    return absl::OkStatus();
  }

  absl::Status Variable() {
    TemplateVariable variable;
    OTPGATE_ASSIGN_OR_RETURN(variable.field, FieldPath());
    variable.begin = result_.segments.size();
    if (absl::ConsumePrefix(&rest_, "=")) {
      OTPGATE_RETURN_IF_ERROR(Segments(/*in_variable=*/true));
    } else {
      result_.segments.push_back({Kind::kOne, ""});
    }
    variable.end = result_.segments.size();
    variable.several =
        variable.end - variable.begin > 1 || result_.segments.back().kind == Kind::kMany;
    if (!absl::ConsumePrefix(&rest_, "}")) return Bad("has a variable without its end");
    for (const TemplateVariable& other : result_.variables) {
      if (other.field == variable.field) return Bad("names a field twice");
    }
    result_.variables.push_back(std::move(variable));
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> FieldPath() {
    const auto end = std::find_if(rest_.begin(), rest_.end(), [](char c) {
      return !absl::ascii_isalnum(c) && c != '_' && c != '.';
    });
    const absl::string_view path = Take(end);
    if (path.empty()) return Bad("has a variable without a field");
    return std::string(path);
  }

  absl::StatusOr<std::string> Literal() {
    const auto end = std::find_if(rest_.begin(), rest_.end(), [](char c) {
      return !absl::ascii_isgraph(c) || absl::string_view("/{}*:?#").find(c) < 7;
    });
    const std::optional<std::string> literal = PercentDecode(Take(end));
    if (!literal || literal->empty() || !IsCleanText(*literal) || *literal == "." ||
        *literal == "..") {
      return Bad("has a literal that no path can have");
    }
    return *literal;
  }

  absl::string_view Take(absl::string_view::const_iterator end) {
    const absl::string_view taken = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  absl::string_view rest_;
  PathTemplate result_;
};

// A piece of a path as the value of a variable.
std::string ValueOf(const TemplateVariable& variable, const RequestPath& path) {
  if (!variable.several) return path.segments[variable.begin];
  std::string value;
  const size_t end = std::min(variable.end, path.raw.size());
  for (size_t i = variable.begin; i < end; ++i) {
    absl::StrAppend(&value, i == variable.begin ? "" : "/",
                    PercentDecode(path.raw[i], {.keep_slash = true}).value_or(""));
  }
  return value;
}

}  // namespace

absl::StatusOr<PathTemplate> ParsePathTemplate(absl::string_view text) {
  return TemplateReader(text).Template();
}

std::vector<std::string> VariableValues(const PathTemplate& path_template,
                                        const RequestPath& path) {
  std::vector<std::string> values;
  for (TemplateVariable variable : path_template.variables) {
    const bool open = path_template.segments[variable.end - 1].kind == Kind::kMany;
    if (open) variable.end = path.raw.size();
    values.push_back(ValueOf(variable, path));
  }
  return values;
}

}  // namespace otpgate::gateway
