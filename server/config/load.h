#ifndef OTPGATE_SERVER_CONFIG_LOAD_H_
#define OTPGATE_SERVER_CONFIG_LOAD_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/command_line.h"
#include "server/config/config.h"
#include "server/config/settings.h"

namespace otpgate::config {

struct LoadedConfig {
  Config config;
  std::vector<Setting> effective;  // every key once, in the order of the table
};

// Reads a whole file. Errors name the file.
using FileReader = std::function<absl::StatusOr<std::string>(const std::string& path)>;

// How much is checked.
enum class ConfigRules {
  kServer,  // all of rules.h
  kNone,    // only each value by itself: for tools that need a part, such as the database
};

// Returns the configuration in force: flags before environment, before the file of --config or
// OTPGATE_CONFIG, before defaults. Reads only its arguments and, through `read_file`, that file,
// not the files that values name. Pure otherwise.
//   INVALID_ARGUMENT  every problem at once, one line each: unknown keys with the nearest name,
//                     values out of bounds with the bounds, impossible combinations, and what
//                     production refuses. No line holds a text value, since it may be a misplaced
//                     secret.
absl::StatusOr<LoadedConfig> LoadConfig(const CommandLine& line,
                                        const EnvironmentVariables& variables,
                                        const FileReader& read_file,
                                        ConfigRules rules = ConfigRules::kServer);

// The output of --check-config: one line per value, with its source. Holds no secrets.
std::string EffectiveText(const LoadedConfig& loaded);

}  // namespace otpgate::config

#endif  // OTPGATE_SERVER_CONFIG_LOAD_H_
