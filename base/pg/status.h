#ifndef OTPGATE_BASE_PG_STATUS_H_
#define OTPGATE_BASE_PG_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace otpgate::pg {

// Who reads the errors of a connection.
enum class ErrorReader {
  kService,  // a program: its logs hold no SQL, values, tables or hosts
  kAdmin,    // a person, who needs PostgreSQL's own words
};

// What follows for the current statement when the connection is lost.
enum class OnLoss {
  kNothingHappened,  // it only reads, or the server rolls it back
  kInDoubt,          // it commits, so it may have happened or not
};

// Turns the current exception into a status; call it only inside catch (...). It is the only place
// that names libpqxx's exceptions. The message begins with `what`: the name of the statement, or
// what was being done.
//
// For kService the SQLSTATE follows, if there is one:
//   INVALID_ARGUMENT   classes 22, 23: the data was refused; also 21 (a key twice in one statement)
//   DEADLINE_EXCEEDED  55P03: another transaction kept a row locked
//   ABORTED            class 40 except 40003: serialization failure or deadlock
//   UNKNOWN            the connection was lost during a commit, or 40003
//   UNAVAILABLE        everything else
// Close the connection after UNKNOWN and UNAVAILABLE.
//
// For kAdmin PostgreSQL's message follows:
//   DEADLINE_EXCEEDED  55P03: another transaction kept a table locked
//   PERMISSION_DENIED  42501
//   ALREADY_EXISTS     23505, 42710: somebody else created it first
//   ABORTED            class 40, or "tuple concurrently updated": somebody else changed it too
//   UNKNOWN            the connection was lost during a commit
//   UNAVAILABLE        the connection was lost
//   INTERNAL           everything else
absl::Status StatusFromException(absl::string_view what, ErrorReader error_reader,
                                 OnLoss on_loss = OnLoss::kNothingHappened);

// UNAVAILABLE for a connection that could not be opened. `words` is libpq's message. For kService
// the status has the reason without host, port and path (`FATAL:  role "x" does not exist`,
// "Connection refused"), for kAdmin everything.
absl::Status CannotConnect(absl::string_view place, absl::string_view words,
                           ErrorReader error_reader);

}  // namespace otpgate::pg

#endif  // OTPGATE_BASE_PG_STATUS_H_
