#ifndef OTPGATE_SERVER_START_CHECK_H_
#define OTPGATE_SERVER_START_CHECK_H_

#include "absl/status/status.h"
#include "server/config/config.h"

namespace otpgate {

// What would keep a server with this configuration from starting, as far as it can be told without
// a database or a port: key files, callers' secrets, certificates, room for the texts of messages.
// Errors name file or key.
absl::Status CheckStart(const Config& config);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_START_CHECK_H_
