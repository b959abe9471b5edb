#ifndef OTPGATE_SERVER_CONFIG_PASSWORD_FILE_H_
#define OTPGATE_SERVER_CONFIG_PASSWORD_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/config/load.h"

namespace otpgate::config {

// Reads the password of a password_file: the first line without its LF or CRLF. Blanks belong to
// the password, as in PostgreSQL's own tools. Errors name the file, never its content.
//   INVALID_ARGUMENT  the file cannot be read, or its first line is empty
absl::StatusOr<std::string> ReadPasswordFile(const std::string& path, const FileReader& read_file);

}  // namespace otpgate::config

#endif  // OTPGATE_SERVER_CONFIG_PASSWORD_FILE_H_
