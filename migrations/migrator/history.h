#ifndef OTPGATE_MIGRATIONS_MIGRATOR_HISTORY_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_HISTORY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "migrations/migrator/migration.h"
#include "migrations/migrator/session.h"

namespace otpgate::migrator {

// What a database remembers of one applied file: a row of schema_migrations.
struct Applied {
  int version = 0;
  std::string name;
  std::string checksum;
  std::string applied_at;  // RFC 3339, UTC
};

// The rows of schema_migrations by version; empty when there is no such table.
absl::StatusOr<std::vector<Applied>> ReadHistory(Session& session);

// Makes schema_migrations unless it is there. The session acts as the owner.
absl::Status CreateHistory(Session& session);

absl::Status Record(Session& session, const Migration& migration);
absl::Status Forget(Session& session, const Migration& migration);

// How files and database stand to each other.
struct State {
  std::vector<Applied> applied;
  std::vector<Migration> pending;  // by version
  std::vector<std::string> drift;  // one sentence each; empty: every applied file is as it was
  int version = 0;                 // highest applied; 0: none
};

// Pure. `known` is in order, as InOrder gives it. Drift is: a changed or renamed file, a version
// that no file has, and a gap (a version applied while a lower one is not).
State Compare(absl::Span<const Migration> known, std::vector<Applied> applied);

// FAILED_PRECONDITION with all sentences, or OK.
absl::Status CheckNoDrift(const State& state);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_HISTORY_H_
