#ifndef OTPGATE_STORAGE_POSTGRES_PG_STATUS_H_
#define OTPGATE_STORAGE_POSTGRES_PG_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace otpgate {

// What a lost connection says about the statement that was under way.
enum class OnLoss {
  kNothingHappened,  // it reads, or the server rolls it back with the session
  kInDoubt,          // it commits: nobody can tell
};

struct PgFailure {
  absl::Status status;
  bool drop_connection = false;
};

// Turns the exception being handled into a status; call only inside catch (...). The single place
// that names libpqxx's exceptions.
//   INVALID_ARGUMENT   classes 22, 23: the data was refused; also 21 (a key twice in one statement)
//   DEADLINE_EXCEEDED  55P03: a row stayed locked by somebody else
//   ABORTED            class 40: serialization failure or deadlock
//   UNKNOWN            the connection was lost while it committed
//   UNAVAILABLE        everything else; the connection shall be dropped
// The message is the statement's name, and the SQLSTATE where there is one: never SQL, values,
// tables or hosts.
PgFailure FailureOfCurrentException(absl::string_view statement, OnLoss on_loss);

// Why libpq could not open a connection, from the first line of what it says, without host, port
// and path: `FATAL:  role "x" does not exist`, "Connection refused".
std::string WhyNotConnected(absl::string_view what);

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_STATUS_H_
