#ifndef OTPGATE_MIGRATIONS_MIGRATOR_CONNECTION_STRING_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_CONNECTION_STRING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::migrator {

struct ConnectionString {
  std::string text;     // for libpq, with a time limit and a name where it said none
  std::string display;  // "database otpgate at localhost:5432 as jo": for people, no password
};

// Reads a libpq connection string, key=value pairs or a postgresql:// URI. INVALID_ARGUMENT says
// nothing of the text itself: libpq would quote the part it did not understand, which may be the
// password.
absl::StatusOr<ConnectionString> ParseConnectionString(absl::string_view text);

// The same connection with a password, as key=value pairs.
absl::StatusOr<std::string> WithPassword(absl::string_view text, absl::string_view password);

// The same connection as another user, without a password, as key=value pairs.
absl::StatusOr<std::string> WithUser(absl::string_view text, absl::string_view user);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_CONNECTION_STRING_H_
