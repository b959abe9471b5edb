#include "server/config/load.h"

#include <iterator>
#include <map>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/config/describe.h"
#include "server/config/rules.h"

namespace otpgate::config {
namespace {

template <class T>
void Append(std::vector<T>& to, std::vector<T> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// The weakest source comes first.
Settings Gather(const CommandLine& line, const EnvironmentVariables& variables,
                const FileReader& read_file) {
  Settings all;
  std::string path = line.config_file;
  const auto from_environment = variables.find("OTPGATE_CONFIG");
  if (path.empty() && from_environment != variables.end()) path = from_environment->second;
  if (!path.empty()) {
    const absl::StatusOr<std::string> text = read_file(path);
    if (text.ok()) {
      all = FromToml(*text, path);
    } else {
      all.problems.emplace_back(text.status().message());
    }
  }
  Settings environment = FromEnvironment(variables);
  Append(all.values, std::move(environment.values));
  Append(all.problems, std::move(environment.problems));
  Append(all.values, line.values);
  return all;
}

std::vector<Setting> Effective(std::vector<Setting> weakest_first) {
  std::map<const Key*, Setting> strongest;
  for (Setting& setting : weakest_first) strongest[setting.key] = std::move(setting);
  std::vector<Setting> effective;
  for (const Key& key : AllKeys()) {
    const auto found = strongest.find(&key);
    effective.push_back(found != strongest.end()
                            ? found->second
                            : Setting{&key, FormatValue(key.field, Config()), "default"});
  }
  return effective;
}

}  // namespace

absl::StatusOr<LoadedConfig> LoadConfig(const CommandLine& line,
                                        const EnvironmentVariables& variables,
                                        const FileReader& read_file, ConfigRules rules) {
  Settings settings = Gather(line, variables, read_file);
  std::vector<std::string> problems = std::move(settings.problems);
  LoadedConfig loaded;
  loaded.config.callers = std::move(settings.callers);
  absl::flat_hash_set<absl::string_view> broken;
  for (Setting& setting : Effective(std::move(settings.values))) {
    if (setting.source != "default") {
      const absl::Status set = SetValue(setting.key->field, setting.text, loaded.config);
      if (!set.ok()) {
        broken.insert(setting.key->name);
        problems.push_back(
            absl::StrCat(setting.source, ": ", setting.key->name, " ", set.message()));
      }
      setting.text = FormatValue(setting.key->field, loaded.config);
    }
    loaded.effective.push_back(std::move(setting));
  }
  if (rules == ConfigRules::kServer) Append(problems, RuleProblems(loaded.config, broken));
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
  return loaded;
}

std::string EffectiveText(const LoadedConfig& loaded) {
  std::string out;
  for (const Setting& setting : loaded.effective) {
    absl::StrAppend(&out, setting.key->name, " = ", TomlValue(*setting.key, setting.text), "  # ",
                    setting.source, "\n");
  }
  for (size_t i = 0; i < loaded.config.callers.size(); ++i) {
    const CallerConfig& caller = loaded.config.callers[i];
    absl::StrAppend(&out, "clients[", i, "] = ", caller.id, ", methods ",
                    absl::StrJoin(caller.methods, " "), ", secret_mac_file ",
                    caller.secret_mac_file, ", san ", caller.san, ", may_forward_client_ip ",
                    caller.may_forward_client_ip ? "true" : "false", "\n");
  }
  return out;
}

}  // namespace otpgate::config
