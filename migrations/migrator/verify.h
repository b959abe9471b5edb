#ifndef OTPGATE_MIGRATIONS_MIGRATOR_VERIFY_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_VERIFY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "migrations/migrator/session.h"

namespace otpgate::migrator {

// Questions to a database whose files are all applied. They read only, and whole tables: minutes
// where there are many millions of rows. The session's role must be able to read all tables.

// Rights that a role has and should not have, or lacks; objects with a wrong owner; indexes and
// constraints that are not valid. One sentence each.
absl::StatusOr<std::vector<std::string>> FindPrivilegeProblems(Session& session);

// What foreign keys would keep if rows of different keys could have them, and other rules that
// span rows. `broken_sql` counts the rows that break the rule.
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
absl::StatusOr<std::vector<BrokenRule>> FindDataProblems(Session& session);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_VERIFY_H_
