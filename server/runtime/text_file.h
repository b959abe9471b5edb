#ifndef OTPGATE_SERVER_RUNTIME_TEXT_FILE_H_
#define OTPGATE_SERVER_RUNTIME_TEXT_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace otpgate::runtime {

// Reads a file of at most 1 MiB. Blocking. Errors name the file and show nothing of its content:
//   NOT_FOUND         the file cannot be opened
//   INVALID_ARGUMENT  the file cannot be read, or is larger
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

}  // namespace otpgate::runtime

#endif  // OTPGATE_SERVER_RUNTIME_TEXT_FILE_H_
