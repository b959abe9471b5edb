#include "storage/postgres/statement_template.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace otpgate::storage::postgres {
namespace {

const std::vector<TemplateColumn>* SetNamed(absl::string_view name, const TemplateWords& words) {
  if (name == "columns") return &words.columns;
  if (name == "key") return &words.key;
  if (name == "insert_only") return &words.insert_only;
  if (name == "guarded") return &words.guarded;
  return nullptr;
}

std::string Types(const TemplateWords& words) {
  int number = 0;
  return absl::StrJoin(words.parameters, ", ", [&](std::string* out, const TemplateParameter& p) {
    absl::StrAppend(out, "$", ++number, "::", p.type, "[]");
  });
}

std::string Names(const TemplateWords& words) {
  return absl::StrJoin(words.parameters, ", ", [](std::string* out, const TemplateParameter& p) {
    absl::StrAppend(out, p.name);
  });
}

// The replacement for the text between two braces; nullopt: unknown.
std::optional<std::string> Replaced(absl::string_view placeholder, const TemplateWords& words) {
  if (placeholder == "types") return Types(words);
  if (placeholder == "names") return Names(words);
  if (const auto* set = SetNamed(placeholder, words)) {
    return absl::StrJoin(*set, ", ", [](std::string* out, const TemplateColumn& column) {
      absl::StrAppend(out, column.name);
    });
  }
  const absl::string_view name = placeholder.substr(0, placeholder.find(' '));
  if (const auto* set = SetNamed(name, words);
      set != nullptr && placeholder == absl::StrCat(name, " = excluded.", name)) {
    return absl::StrJoin(*set, ", ", [](std::string* out, const TemplateColumn& column) {
      absl::StrAppend(out, column.name, " = excluded.", column.name);
    });
  }
  const size_t dot = placeholder.find('.');
  if (dot == absl::string_view::npos || dot > placeholder.find(' ')) return std::nullopt;
  const absl::string_view table = placeholder.substr(0, dot);
  const auto* set = SetNamed(placeholder.substr(dot + 1), words);
  if (set == nullptr) return std::nullopt;
  return absl::StrJoin(*set, ", ", [&](std::string* out, const TemplateColumn& column) {
    absl::StrAppend(out, table, ".", column.name, table == "i" ? column.cast : "");
  });
}

}  // namespace

std::string ExpandTemplate(absl::string_view sql, const TemplateWords& words) {
  std::string expanded;
  while (true) {
    const size_t open = sql.find('{');
    const size_t close = sql.find('}', open == absl::string_view::npos ? sql.size() : open);
    if (close == absl::string_view::npos) return absl::StrCat(expanded, sql);
    const auto text = Replaced(sql.substr(open + 1, close - open - 1), words);
    absl::StrAppend(&expanded, sql.substr(0, open),
                    text ? *text : std::string(sql.substr(open, close + 1 - open)));
    sql.remove_prefix(close + 1);
  }
}

}  // namespace otpgate::storage::postgres
