#ifndef OTPGATE_MIGRATIONS_MIGRATOR_CONNECTION_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/pg/connection.h"

namespace otpgate::migrator {

// Connects as an admin, with settings of its own instead of those of the role and the database. A
// statement that waits 5 s for a table lock fails, because all later ones queue behind it. Errors
// are those of pg::Connection::Open for an admin.
//
// The connection never reconnects: advisory locks and the role belong to it, and its loss must be
// noticed.
absl::StatusOr<std::unique_ptr<pg::Connection>> Connect(const std::string& connection_string);
// The same with other options; their `error_reader` is ignored.
absl::StatusOr<std::unique_ptr<pg::Connection>> Connect(pg::ConnectionOptions options);

// A transaction; the destructor rolls it back unless it was committed.
class Transaction {
 public:
  explicit Transaction(pg::Connection& connection) : connection_(connection) {}
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  absl::Status Begin();
  // Runs SQL of a migration file. INVALID_ARGUMENT: the SQL ended the transaction, so what it did
  // before is already committed or undone.
  absl::Status RunForeign(absl::string_view what, const std::string& sql);
  // UNKNOWN: no answer; it may have happened.
  absl::Status Commit();

 private:
  pg::Connection& connection_;
  bool open_ = false;
  std::string id_;  // its xid8, as text
};

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_CONNECTION_H_
