#ifndef OTPGATE_SERVER_CONFIG_LOAD_H_
#define OTPGATE_SERVER_CONFIG_LOAD_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/command_line.h"
#include "server/config/config.h"
#include "server/config/settings.h"

namespace otpgate {

struct LoadedConfig {
  Config config;
  std::vector<Setting> effective;  // every key once, in the order of the table
};

// Reads a whole file. Fails with a text that names it.
using FileReader = std::function<absl::StatusOr<std::string>(const std::string& path)>;

// How much must be right.
enum class ConfigRules {
  kServer,  // all of rules.h
  kNone,    // single values only: for tools that need no more than, say, the database
};

// The configuration in force: flags, then environment, then the file of --config or OTPGATE_CONFIG,
// then defaults. Reads nothing but its arguments and, through `read_file`, that file; the files
// that values name are for those who use them. Pure otherwise.
//
// INVALID_ARGUMENT with every problem at once, one line each: unknown keys with the nearest name,
// values out of bounds with the bounds, combinations that cannot be, and all that production
// refuses. No line holds a text value, since one may be a misplaced secret.
absl::StatusOr<LoadedConfig> LoadConfig(const CommandLine& line,
                                        const EnvironmentVariables& variables,
                                        const FileReader& read_file,
                                        ConfigRules rules = ConfigRules::kServer);

// The text of --check-config: one line per value with its source. Holds no secrets.
std::string EffectiveText(const LoadedConfig& loaded);

// The environment of this process, and files of this machine.
EnvironmentVariables ProcessEnvironment();
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_CONFIG_LOAD_H_
