#include <unistd.h>

#include <cstring>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/config/settings.h"

namespace otpgate::config {
namespace {

constexpr absl::string_view kPrefix = "OTPGATE_";

// Whether Kubernetes set this variable for a service: <NAME>_SERVICE_HOST,
// <NAME>_SERVICE_PORT[_<port name>], <NAME>_PORT=tcp://..., <NAME>_PORT_<n>_<protocol>[_...].
bool IsServiceLink(absl::string_view name, absl::string_view value) {
  if (absl::EndsWith(name, "_SERVICE_HOST") || absl::StrContains(name, "_SERVICE_PORT"))
    return true;
  if (absl::EndsWith(name, "_PORT")) return absl::StrContains(value, "://");
  const size_t port = name.find("_PORT_");
  return port != absl::string_view::npos && port + 6 < name.size() &&
         absl::ascii_isdigit(static_cast<unsigned char>(name[port + 6]));
}

bool IsForOthers(absl::string_view name, absl::string_view value) {
  return name == "OTPGATE_CONFIG" || name == "OTPGATE_PORT" || name == "OTPGATE_HTTP_PORT" ||
         name == "OTPGATE_TRIALS" || absl::StartsWith(name, "OTPGATE_TEST_") ||
         absl::StartsWith(name, "OTPGATE_GATEWAY_") || IsServiceLink(name, value);
}

const Key* FindByEnvironmentName(absl::string_view name) {
  for (const Key& key : AllKeys()) {
    if (EnvironmentName(key) == name) return &key;
  }
  return nullptr;
}

std::string Unknown(absl::string_view name) {
  std::vector<std::string> names;
  for (const Key& key : AllKeys()) names.push_back(EnvironmentName(key));
  return absl::StrCat("environment ", name, ": no such key", DidYouMean(name, names));
}

std::string ValueOf(const EnvironmentVariables& variables, absl::string_view name) {
  const auto found = variables.find(std::string(name));
  return found == variables.end() ? "" : found->second;
}

void AddOlderName(const Key& key, const EnvironmentVariables& variables, Settings& settings) {
  const std::string text = ValueOf(variables, key.older_env);
  if (text.empty()) return;
  const std::string today = ValueOf(variables, EnvironmentName(key));
  if (today.empty()) {
    settings.values.push_back({&key, text, absl::StrCat("environment ", key.older_env)});
  } else if (today != text) {
    settings.problems.push_back(absl::StrCat("environment ", key.older_env, " and ",
                                             EnvironmentName(key), " contradict each other"));
  }
}

}  // namespace

Settings FromEnvironment(const EnvironmentVariables& variables) {
  Settings settings;
  for (const auto& [name, text] : variables) {
    if (text.empty() || !absl::StartsWith(name, kPrefix)) continue;
    if (const Key* key = FindByEnvironmentName(name)) {
      settings.values.push_back({key, text, absl::StrCat("environment ", name)});
    } else if (!IsForOthers(name, text)) {
      settings.problems.push_back(Unknown(name));
    }
  }
  for (const Key& key : AllKeys()) {
    if (!key.older_env.empty()) AddOlderName(key, variables, settings);
  }
  return settings;
}

EnvironmentVariables ProcessEnvironment() {
  EnvironmentVariables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const char* equals = std::strchr(*entry, '=');
    if (equals != nullptr) variables.emplace(std::string(*entry, equals - *entry), equals + 1);
  }
  return variables;
}

}  // namespace otpgate::config
