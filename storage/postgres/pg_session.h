#ifndef OTPGATE_STORAGE_POSTGRES_PG_SESSION_H_
#define OTPGATE_STORAGE_POSTGRES_PG_SESSION_H_

#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_status.h"
#include "storage/postgres/row_reader.h"
#include "storage/postgres/statement.h"

namespace otpgate {

// One connection of one thread. Connects at the first use and again after a loss; never sleeps and
// never repeats a statement. Blocking; not thread-safe.
//
// Errors are those of FailureOfCurrentException. Whatever is not OK inside a transaction ends the
// transaction.
class PgSession {
 public:
  using ReadRow = absl::FunctionRef<void(RowReader& row)>;

  // `early`: statements that every new connection prepares at once, so that SQL which does not fit
  // the schema shows at start-up. They must outlive the session.
  explicit PgSession(PgOptions options, std::vector<const Statement*> early = {});
  ~PgSession();
  PgSession(const PgSession&) = delete;
  PgSession& operator=(const PgSession&) = delete;

  // OK when a connection stands, made now if need be, also when the server ended the one before
  // while it was idle; nothing is sent over one that stands already.
  absl::Status Connect();

  // Runs a statement, alone or inside the transaction that was begun, and hands over its rows.
  // What `read` throws ends as DATA_LOSS (UNKNOWN for kInDoubt): the answer was not understood.
  // `on_loss` kInDoubt: for a statement that writes outside of a transaction and therefore commits
  // by itself.
  absl::Status Run(const Statement& statement, const Params& params, ReadRow read,
                   OnLoss on_loss = OnLoss::kNothingHappened);

  absl::Status Begin();
  // UNKNOWN: no answer, it may have happened.
  absl::Status Commit();
  // Gives up the transaction, if need be with the connection.
  void Rollback();

  // Forgets the connection. The next use makes a new one.
  void Drop();

 private:
  struct Link;  // libpqxx's side, so that nobody else compiles it

  class Timed;

  absl::Status Command(const char* sql, OnLoss on_loss);
  absl::Status Failed(absl::string_view statement, OnLoss on_loss);
  bool IsOpen() const;
  bool HungUp() const;

  const PgOptions options_;
  const std::vector<const Statement*> early_;
  std::unique_ptr<Link> link_;
  bool in_transaction_ = false;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_SESSION_H_
