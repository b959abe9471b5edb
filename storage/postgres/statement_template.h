#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENT_TEMPLATE_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENT_TEMPLATE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace otpgate::storage::postgres {

// A column of the table.
struct TemplateColumn {
  absl::string_view name;
  absl::string_view cast;  // from its array's elements: "::bigint[]", or empty
};
// A parameter: an array with one element per row.
struct TemplateParameter {
  absl::string_view name;
  absl::string_view type;  // of the elements: "text"
};
// What the placeholders stand for.
struct TemplateWords {
  std::vector<TemplateParameter> parameters;  // $1, $2, ...
  std::vector<TemplateColumn> columns;        // those that have a parameter
  // All columns of the table, by Written.
  std::vector<TemplateColumn> key;
  std::vector<TemplateColumn> insert_only;
  std::vector<TemplateColumn> guarded;
};

// Returns `sql` with its placeholders replaced. Two stand for the parameters:
//   {types}                   $1::bigint[], $2::bytea[], ...
//   {names}                   owner, user_id, ...
// The others stand for a set of columns: `columns`, `key`, `insert_only` or `guarded`. For a set
// with the columns a and b, and any table alias t:
//   {key}                     a, b
//   {t.key}                   t.a, t.b
//   {key = excluded.key}      a = excluded.a, b = excluded.b
// The alias `i` is for the rows of the arrays: {i.key} adds the casts. An unknown placeholder stays
// as it is, so the server refuses the statement. Pure.
std::string ExpandTemplate(absl::string_view sql, const TemplateWords& words);

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENT_TEMPLATE_H_
