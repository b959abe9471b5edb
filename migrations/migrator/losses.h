#ifndef OTPGATE_MIGRATIONS_MIGRATOR_LOSSES_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_LOSSES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/pg/connection.h"
#include "migrations/migrator/migration.h"

namespace otpgate::migrator {

// Data that would be lost with a table or a column.
struct Loss {
  std::string table;
  std::string column;  // empty: the whole table
  int64_t rows = 0;    // rows of the table, or rows with a value in the column
};

// A table or column that is dropped, with the SQL that counts its data.
struct Dropped {
  std::string table;
  std::string column;
  std::string count_sql;
};

// Returns what the down section drops. Runs it in a transaction that is rolled back, so the answer
// is right for any SQL. Waits at most 200 ms for a lock (DEADLINE_EXCEEDED). The connection acts as
// the owner and is in no transaction.
absl::StatusOr<std::vector<Dropped>> FindDropped(pg::Connection& connection,
                                                 const Migration& migration);

// Counts the rows; tables and columns without data are left out.
absl::StatusOr<std::vector<Loss>> CountLosses(pg::Connection& connection,
                                              const std::vector<Dropped>& dropped);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_LOSSES_H_
