#ifndef OTPGATE_MIGRATIONS_MIGRATOR_SESSION_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_SESSION_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/runtime/answer_watch.h"

namespace otpgate::migrator {

using Row = std::vector<std::string>;  // text as the server writes it; NULL is empty
using Rows = std::vector<Row>;

// One connection of one thread. Blocking. Never reconnects by itself: advisory locks and the role
// belong to the connection, and a lost one must not be replaced unnoticed. Errors are those of
// StatusOfCurrentException.
class Session {
 public:
  // UNAVAILABLE names host and database, never the password; INVALID_ARGUMENT: not a connection
  // string. A statement that waits 5 s for a table gives up, because everybody queues behind it.
  // `answers` ends the connection when the server owes an answer for too long; null: never.
  static absl::StatusOr<std::unique_ptr<Session>> Connect(absl::string_view connection_string,
                                                          AnswerWatch* answers = nullptr);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Runs SQL: several statements when there are no parameters. `what` begins the error message.
  absl::StatusOr<Rows> Query(absl::string_view what, const std::string& sql,
                             const std::vector<std::string>& params = {});
  absl::Status Run(absl::string_view what, const std::string& sql,
                   const std::vector<std::string>& params = {});

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

// Rolls back at the end of its life unless it was committed.
class Transaction {
 public:
  explicit Transaction(Session& session) : session_(session) {}
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  absl::Status Begin();
  // SQL of a file. INVALID_ARGUMENT: it ended the transaction, so what it did before that is
  // committed or undone already.
  absl::Status RunForeign(absl::string_view what, const std::string& sql);
  // UNKNOWN: the connection was lost before the answer, so it may have happened.
  absl::Status Commit();

 private:
  Session& session_;
  bool open_ = false;
  std::string id_;  // text of its xid8
};

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_SESSION_H_
