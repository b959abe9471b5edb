#ifndef OTPGATE_CLIENTS_GATEWAY_READ_FILE_H_
#define OTPGATE_CLIENTS_GATEWAY_READ_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace otpgate::gateway {

// The content of a file of at most 1 MiB. NOT_FOUND, PERMISSION_DENIED and INVALID_ARGUMENT (too
// large) name the file and never its content. Thread-safe.
absl::StatusOr<std::string> ReadFile(const std::string& path);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_READ_FILE_H_
