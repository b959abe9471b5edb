#ifndef OTPGATE_SERVER_CONFIG_SETTINGS_H_
#define OTPGATE_SERVER_CONFIG_SETTINGS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/config/config.h"
#include "server/config/keys.h"

// The sources of configuration. Each is read into texts first; load.h decides which one counts and
// reads the values. Pure functions.
namespace otpgate {

// One value somebody wrote somewhere.
struct Setting {
  const Key* key = nullptr;
  std::string text;
  std::string source;  // "flag --otp.ttl", "environment OTPGATE_OTP_TTL", "file otpgate.toml:12"
};

struct Settings {
  std::vector<Setting> values;
  std::vector<ClientConfig> clients;  // only a file has any
  std::vector<std::string> problems;  // one line each, without values
};

using EnvironmentVariables = std::map<std::string, std::string>;

// Reads OTPGATE_* and the older names. Empty variables count as not set. An OTPGATE_ variable that
// is no key is a problem, except
//   OTPGATE_CONFIG                  the path of the file
//   OTPGATE_PORT                    the port of deploy/run
//   OTPGATE_TRIALS, OTPGATE_TEST_*  knobs of tests
//   what Kubernetes sets for a service of this name (OTPGATE_PORT_50051_TCP_ADDR and the like)
Settings FromEnvironment(const EnvironmentVariables& variables);

// Reads the text of a TOML 1.0 file; `path` is for messages. What cannot be parsed is one problem.
Settings FromToml(absl::string_view text, absl::string_view path);

// " (did you mean x?)" for the candidate that takes the fewest edits, or nothing if all are far
// off.
std::string DidYouMean(absl::string_view name, const std::vector<std::string>& candidates);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_CONFIG_SETTINGS_H_
