#ifndef OTPGATE_STORAGE_POSTGRES_STORE_CONNECTION_H_
#define OTPGATE_STORAGE_POSTGRES_STORE_CONNECTION_H_

#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "base/pg/connection.h"
#include "storage/postgres/row_reader.h"
#include "storage/postgres/statement.h"

namespace otpgate::storage::postgres {

// The connection of one store. Connects at the first use and again after a loss; never sleeps and
// never repeats a statement. Blocking; not thread-safe.
//
// Errors are those of pg::StatusFromException for a service. An error inside a transaction ends the
// transaction.
class StoreConnection {
 public:
  using ReadRow = absl::FunctionRef<void(RowReader& row)>;

  // Every new connection prepares the statements `early` at once, so that SQL that does not fit the
  // schema fails at start-up. They must outlive this object.
  explicit StoreConnection(pg::ConnectionOptions options, std::vector<const Statement*> early = {});
  StoreConnection(const StoreConnection&) = delete;
  StoreConnection& operator=(const StoreConnection&) = delete;

  // Connects unless there is a connection. An idle connection that the server has closed is
  // replaced; over an open one nothing is sent.
  absl::Status Connect();

  // Runs a statement, alone or inside the transaction that was begun, and calls `read` for each
  // row. DATA_LOSS (UNKNOWN with kInDoubt) if `read` throws: the answer was not understood.
  // `on_loss` is kInDoubt for a statement that writes outside a transaction and therefore commits
  // by itself.
  absl::Status Run(const Statement& statement, const Params& params, ReadRow read,
                   pg::OnLoss on_loss = pg::OnLoss::kNothingHappened);

  absl::Status Begin();
  // UNKNOWN: no answer; it may have happened.
  absl::Status Commit();
  // Ends the transaction without a commit; drops the connection if that fails.
  void Rollback();

  // Closes the connection. The next use makes a new one.
  void Drop();

 private:
  // Returns `status`. An error ends the transaction, and UNAVAILABLE or UNKNOWN the connection.
  absl::Status EndOnFailure(absl::Status status);
  bool IsOpen() const { return connection_ != nullptr && connection_->IsOpen(); }

  const pg::ConnectionOptions options_;
  const std::vector<const Statement*> early_;
  std::unique_ptr<pg::Connection> connection_;
  bool in_transaction_ = false;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STORE_CONNECTION_H_
