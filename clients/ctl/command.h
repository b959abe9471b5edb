#ifndef OTPGATE_CLIENTS_CTL_COMMAND_H_
#define OTPGATE_CLIENTS_CTL_COMMAND_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "clients/ctl/exit_code.h"
#include "clients/ctl/output.h"

namespace otpgate::ctl {

// Options of every command.
struct Globals {
  std::string database;  // without password
  std::string password_file;
  std::string config;
  bool json = false;
};

// The command that a parsed command line chose. ExitOf maps its errors to exit codes.
using Command = std::function<absl::StatusOr<Exit>(Output&)>;

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_COMMAND_H_
