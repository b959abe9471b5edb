#include "storage/postgres/write_statement.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace otpgate::storage::postgres {
namespace {

// "$1 ... $2" with `shift` 10 becomes "$11 ... $12".
std::string ShiftParameters(absl::string_view sql, int shift) {
  std::string shifted;
  while (!sql.empty()) {
    const size_t dollar = sql.find('$');
    if (dollar == absl::string_view::npos) break;
    size_t end = dollar + 1;
    while (end < sql.size() && absl::ascii_isdigit(sql[end])) ++end;
    int number = 0;
    (void)absl::SimpleAtoi(sql.substr(dollar + 1, end - dollar - 1), &number);
    absl::StrAppend(&shifted, sql.substr(0, dollar), "$", number + shift);
    sql.remove_prefix(end);
  }
  return absl::StrCat(shifted, sql);
}

}  // namespace

Statement JoinFragments(absl::string_view name, const Fragment& guarded,
                        absl::Span<const Fragment* const> parts) {
  Statement statement;
  statement.name = std::string(name);
  if (parts.empty()) {
    statement.sql = guarded.sql;
    return statement;
  }
  statement.sql = absl::StrCat("WITH won AS (", guarded.sql, ")");
  int shift = guarded.parameters;
  for (const Fragment* part : parts) {
    absl::StrAppend(&statement.sql, ", ", part->name, " AS (", ShiftParameters(part->sql, shift),
                    ")");
    shift += part->parameters;
  }
  absl::StrAppend(&statement.sql, " SELECT version FROM won");
  return statement;
}

}  // namespace otpgate::storage::postgres
