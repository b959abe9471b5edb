#ifndef OTPGATE_MIGRATIONS_MIGRATOR_HISTORY_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_HISTORY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/pg/connection.h"
#include "migrations/migrator/migration.h"

namespace otpgate::migrator {

// An applied file: a row of schema_migrations.
struct Applied {
  int version = 0;
  std::string name;
  std::string checksum;
  std::string applied_at;  // RFC 3339, UTC
};

// Returns the rows of schema_migrations by version; none if there is no such table.
absl::StatusOr<std::vector<Applied>> ReadHistory(pg::Connection& connection);

// Creates schema_migrations unless it exists. The connection acts as the owner.
absl::Status CreateHistory(pg::Connection& connection);

// Insert and delete the row of a file.
absl::Status Record(pg::Connection& connection, const Migration& migration);
absl::Status Forget(pg::Connection& connection, const Migration& migration);

// The files compared with the database.
struct State {
  std::vector<Applied> applied;
  std::vector<Migration> pending;  // by version
  std::vector<std::string> drift;  // one sentence each; empty: every applied file is unchanged
  int version = 0;                 // the highest applied; 0: none
};

// Pure. `known` is in the order of InOrder. Drift is a changed or renamed file, an applied version
// that has no file, and a gap: a version that is applied while a lower one is not.
State Compare(absl::Span<const Migration> known, std::vector<Applied> applied);

// FAILED_PRECONDITION with all sentences, or OK.
absl::Status CheckNoDrift(const State& state);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_HISTORY_H_
