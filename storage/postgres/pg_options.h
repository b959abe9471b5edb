#ifndef OTPGATE_STORAGE_POSTGRES_PG_OPTIONS_H_
#define OTPGATE_STORAGE_POSTGRES_PG_OPTIONS_H_

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/runtime/answer_watch.h"

namespace otpgate {

// How a store reaches its database. What must hold in every session (timeouts, planner switches)
// are settings of the app role, so that a connection costs no extra round trips and poolers do not
// lose them.
struct PgOptions {
  // libpq connection string, key=value pairs or a postgresql:// URI. What it does not say is
  // filled in: client_encoding, application_name, TCP keepalives, connect_timeout.
  std::string connection;
  // Off: nothing is prepared by name, for PgBouncer in transaction mode.
  bool prepared_statements = true;
  // libpq counts whole seconds and takes 2 for less.
  absl::Duration connect_timeout = absl::Seconds(2);
  // Ends connections whose server owes an answer for too long; outlives the store. Null: waits
  // without limit.
  AnswerWatch* answers = nullptr;
  // Told how long each statement took, by its name, on the thread of its session; BEGIN, COMMIT and
  // ROLLBACK too. Thread-safe, must not block. Empty: nobody.
  std::function<void(absl::string_view name, absl::Duration took)> on_statement = {};
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_OPTIONS_H_
