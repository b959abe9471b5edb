#ifndef OTPGATE_MIGRATIONS_MIGRATOR_VERIFY_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_VERIFY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/pg/connection.h"

namespace otpgate::migrator {

// Checks of a database to which all files are applied. They only read, but whole tables: minutes
// for many millions of rows. The role of the connection must be able to read all tables.

// Returns rights that a role has and should not have, or lacks; objects with a wrong owner; indexes
// and constraints that are not valid. One sentence each.
absl::StatusOr<std::vector<std::string>> FindPrivilegeProblems(pg::Connection& connection);

// A rule over rows of several tables, in place of a foreign key. `broken_sql` counts the rows that
// break the rule.
struct Rule {
  absl::string_view name;
  absl::string_view text;  // "every ... has ..."
  absl::string_view broken_sql;
};
absl::Span<const Rule> DataRules();

struct BrokenRule {
  const Rule* rule = nullptr;
  int64_t rows = 0;
};
// Returns the rules that some row breaks.
absl::StatusOr<std::vector<BrokenRule>> FindDataProblems(pg::Connection& connection);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_VERIFY_H_
