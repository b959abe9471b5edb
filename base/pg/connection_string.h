#ifndef OTPGATE_BASE_PG_CONNECTION_STRING_H_
#define OTPGATE_BASE_PG_CONNECTION_STRING_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::pg {

// The settings of a libpq connection string, parsed by libpq, without libpq's own defaults.
class ConnectionString {
 public:
  // Parses key=value pairs or a postgresql:// URI. The message of INVALID_ARGUMENT shows nothing of
  // the text: libpq's would quote the part it cannot parse, which may be the password.
  static absl::StatusOr<ConnectionString> Parse(absl::string_view text);

  void Set(const std::string& key, absl::string_view value) { values_[key] = std::string(value); }
  // Sets a value unless the string has one for the key.
  void SetDefault(const std::string& key, absl::string_view value) {
    values_.emplace(key, std::string(value));
  }
  void Remove(const std::string& key) { values_.erase(key); }

  // For libpq: key='value' pairs, with the password.
  std::string ToText() const;
  // For people: "database otpgate at localhost:5432 as jo"; never the password.
  std::string Display() const;

 private:
  std::string Effective(const std::string& key) const;

  std::map<std::string, std::string> values_;
};

// Returns the connection string with this password. Errors are those of Parse.
absl::StatusOr<std::string> WithPassword(absl::string_view text, absl::string_view password);

// Returns the connection string for another user, without a password. Errors are those of Parse.
absl::StatusOr<std::string> WithUser(absl::string_view text, absl::string_view user);

}  // namespace otpgate::pg

#endif  // OTPGATE_BASE_PG_CONNECTION_STRING_H_
