#ifndef OTPGATE_BASE_PG_CONNECTION_H_
#define OTPGATE_BASE_PG_CONNECTION_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/answer_watch.h"
#include "base/pg/connection_string.h"
#include "base/pg/status.h"

namespace pqxx {
class result;
}

namespace otpgate::pg {

// How to connect to a database. Timeouts and planner switches that must hold on every connection of
// the service are settings of its role instead, so that connecting takes no extra round trips and a
// pooler cannot lose them.
struct ConnectionOptions {
  // For libpq: key=value pairs or a postgresql:// URI. WithDefaults adds the missing settings.
  std::string connection_string;
  // False: no named prepared statements, as PgBouncer in transaction mode requires.
  bool prepared_statements = true;
  // In whole seconds; libpq takes less than 2 as 2.
  absl::Duration connect_timeout = absl::Seconds(2);
  // Whether TCP settings detect a silent peer within seconds. False for connections that run long
  // statements and should survive short network outages.
  bool notice_silent_peer = true;
  // The application_name of the connection.
  std::string application = "otpgate";
  // Shuts down the connection when an answer takes too long; outlives the connection. Null: waits
  // without limit.
  AnswerWatch* answer_watch = nullptr;
  // Called with the name and the duration of each Execute and Command, on the thread of the
  // connection; must not block. May be empty.
  std::function<void(absl::string_view name, absl::Duration took)> on_statement = {};
  ErrorReader error_reader = ErrorReader::kService;
};

// The connection string of `options` with defaults for the settings it does not have, and always
// with the encoding UTF-8. Errors are those of ConnectionString::Parse.
absl::StatusOr<ConnectionString> WithDefaults(const ConnectionOptions& options);

using Row = std::vector<std::string>;  // values as PostgreSQL's text; NULL is empty
using Rows = std::vector<Row>;

// One connection to PostgreSQL. It never reconnects, never repeats a statement and never opens a
// transaction by itself. Blocking; one thread at a time.
//
// Errors are those of StatusFromException for the reader that the options name, and UNAVAILABLE, with
// nothing sent, when the connection is already known to be lost.
class Connection {
 public:
  // UNAVAILABLE: see CannotConnect. INVALID_ARGUMENT, for an admin only: the connection string
  // cannot be parsed.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const ConnectionOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // False if the connection is known to be lost; libpq notices a loss only when it uses the socket.
  bool IsOpen() const;
  // Whether the server has closed its end. Looks at the socket only; sends nothing.
  bool IsClosedByServer() const;

  // Prepares a statement under its name unless that was done before. Does nothing if
  // `prepared_statements` is false.
  absl::Status Prepare(const std::string& name, const std::string& sql);

  // Runs one statement, which it prepares under its name. Parameters are in PostgreSQL's binary
  // format.
  absl::StatusOr<pqxx::result> Execute(const std::string& name, const std::string& sql,
                                       absl::Span<const absl::string_view> params,
                                       OnLoss on_loss = OnLoss::kNothingHappened);

  // Runs SQL without parameters or rows, such as BEGIN, COMMIT or ROLLBACK.
  absl::Status Command(const std::string& sql, OnLoss on_loss = OnLoss::kNothingHappened);

  // Run SQL, which may be several statements if there are no parameters. Parameters are text.
  // `what` begins the error message.
  absl::StatusOr<Rows> Query(absl::string_view what, const std::string& sql,
                             const std::vector<std::string>& params = {});
  absl::Status Run(absl::string_view what, const std::string& sql,
                   const std::vector<std::string>& params = {});

 private:
  struct Link;  // hides the types of libpqxx

  Connection(const ConnectionOptions& options, std::unique_ptr<Link> link);

  // Calls `send` and turns an exception into a status.
  template <class Send>
  auto Guarded(absl::string_view what, OnLoss on_loss, const Send& send)
      -> absl::StatusOr<decltype(send())>;

  const ConnectionOptions options_;
  const std::unique_ptr<Link> link_;
};

}  // namespace otpgate::pg

#endif  // OTPGATE_BASE_PG_CONNECTION_H_
