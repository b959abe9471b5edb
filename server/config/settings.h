#ifndef OTPGATE_SERVER_CONFIG_SETTINGS_H_
#define OTPGATE_SERVER_CONFIG_SETTINGS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/config/config.h"
#include "server/config/keys.h"

// The sources of configuration. Each is read into texts first; load.h decides which source counts
// and parses the values. Pure functions, except ProcessEnvironment.
namespace otpgate::config {

// One value from one source.
struct Setting {
  const Key* key = nullptr;
  std::string text;
  std::string source;  // "flag --otp.ttl", "environment OTPGATE_OTP_TTL", "file otpgate.toml:12"
};

struct Settings {
  std::vector<Setting> values;
  std::vector<CallerConfig> callers;  // from a file only
  std::vector<std::string> problems;  // one line each, without values
};

using EnvironmentVariables = std::map<std::string, std::string>;

// Reads OTPGATE_* and the older names. An empty variable counts as not set. An OTPGATE_ variable
// that is not a key is a problem, except
//   OTPGATE_CONFIG                   the path of the file
//   OTPGATE_PORT, OTPGATE_HTTP_PORT  the ports of deploy/run
//   OTPGATE_TRIALS, OTPGATE_TEST_*   knobs of tests
//   OTPGATE_PORT_50051_TCP_ADDR      and others that Kubernetes sets for a service of this name
Settings FromEnvironment(const EnvironmentVariables& variables);

// Reads the text of a TOML 1.0 file; `path` is for messages. A syntax error is one problem.
Settings FromToml(absl::string_view text, absl::string_view path);

// The environment of this process.
EnvironmentVariables ProcessEnvironment();

}  // namespace otpgate::config

#endif  // OTPGATE_SERVER_CONFIG_SETTINGS_H_
