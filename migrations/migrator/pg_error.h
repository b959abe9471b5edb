#ifndef OTPGATE_MIGRATIONS_MIGRATOR_PG_ERROR_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_PG_ERROR_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace otpgate::migrator {

// Turns the exception being handled into a status; call only inside catch (...). The single place
// of this folder that names libpqxx's exceptions. The message begins with `what` and holds
// PostgreSQL's own words: migrations are run by admins and carry no secrets.
//   UNAVAILABLE        no connection, or it was lost
//   DEADLINE_EXCEEDED  55P03: a table stayed locked by somebody else
//   PERMISSION_DENIED  42501
//   ALREADY_EXISTS     23505, 42710: somebody else made it first
//   ABORTED            class 40, or "tuple concurrently updated": somebody else changed it too
//   INTERNAL           everything else
absl::Status StatusOfCurrentException(absl::string_view what);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_PG_ERROR_H_
