#ifndef OTPGATE_MIGRATIONS_MIGRATOR_LOSSES_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_LOSSES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "migrations/migrator/migration.h"
#include "migrations/migrator/session.h"

namespace otpgate::migrator {

// Data that goes with a table or a column.
struct Loss {
  std::string table;
  std::string column;  // empty: the whole table
  int64_t rows = 0;    // rows of the table, or rows with a value in the column
};

// A table or column with how to count what is in it.
struct Dropped {
  std::string table;
  std::string column;
  std::string count_sql;
};

// What the down section drops: it is run inside a transaction that is rolled back, so the answer
// holds for any SQL. Gives up at once where somebody holds a lock (DEADLINE_EXCEEDED). The session
// acts as the owner and is in no transaction.
absl::StatusOr<std::vector<Dropped>> FindDropped(Session& session, const Migration& migration);

// Counts; only what is not empty is a loss.
absl::StatusOr<std::vector<Loss>> CountLosses(Session& session,
                                              const std::vector<Dropped>& dropped);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_LOSSES_H_
