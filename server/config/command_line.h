#ifndef OTPGATE_SERVER_CONFIG_COMMAND_LINE_H_
#define OTPGATE_SERVER_CONFIG_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/settings.h"

namespace otpgate::config {

// The parsed command line of the server.
struct CommandLine {
  enum class Action { kRun, kCheckConfig, kHelp };

  Action action = Action::kRun;
  std::string config_file;  // --config; empty: not given
  std::vector<Setting> values;
};

// Parses --config FILE, --check-config, --help and one flag per key: --otp.ttl=5m or --otp.ttl 5m.
// `args` does not hold the program's name. Pure.
//   INVALID_ARGUMENT  names every unknown flag, without its value
absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& args);

// The text of --help.
std::string HelpText();

}  // namespace otpgate::config

#endif  // OTPGATE_SERVER_CONFIG_COMMAND_LINE_H_
