#ifndef OTPGATE_BASE_TEXT_FILE_H_
#define OTPGATE_BASE_TEXT_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace otpgate {

// Reads a file of at most 1 MiB. Blocking. Errors name the file and show nothing of its content:
//   NOT_FOUND          there is no such file
//   PERMISSION_DENIED  it may not be read
//   INVALID_ARGUMENT   it is larger, or cannot be read, such as a folder
// Another error of the system is the status that absl::ErrnoToStatus makes of it.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

}  // namespace otpgate

#endif  // OTPGATE_BASE_TEXT_FILE_H_
