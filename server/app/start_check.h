#ifndef OTPGATE_SERVER_APP_START_CHECK_H_
#define OTPGATE_SERVER_APP_START_CHECK_H_

#include "absl/status/status.h"
#include "server/config/config.h"

namespace otpgate::app {

// Checks what can keep a server with this configuration from starting and takes neither a database
// nor a port: key files, callers' secrets, the password file, certificates, the length of messages.
// Errors name the file or key.
absl::Status CheckStart(const config::Config& config);

}  // namespace otpgate::app

#endif  // OTPGATE_SERVER_APP_START_CHECK_H_
