#include "clients/ctl/find_database.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "migrations/migrator/connection_string.h"
#include "server/runtime/status_macros.h"

namespace otpgate::ctl {
namespace {

// Empty: not configured.
absl::StatusOr<std::string> FromConfiguration(const Globals& globals,
                                              const EnvironmentVariables& environment,
                                              const FileReader& read_file) {
  CommandLine line;
  line.config_file = globals.config;
  OTPGATE_ASSIGN_OR_RETURN(const LoadedConfig loaded,
                           LoadConfig(line, environment, read_file, ConfigRules::kNone));
  const DatabaseConfig& database = loaded.config.database;
  if (database.url.empty() || database.password_file.empty()) return database.url;
  const absl::StatusOr<std::string> text = read_file(database.password_file);
  if (!text.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("database.password_file: ", text.status().message()));
  }
  const std::pair<std::string, std::string> lines = absl::StrSplit(*text, absl::MaxSplits('\n', 1));
  return migrator::WithPassword(database.url, absl::StripTrailingAsciiWhitespace(lines.first));
}

}  // namespace

absl::StatusOr<std::string> FindDatabase(const Globals& globals,
                                         const EnvironmentVariables& environment,
                                         const FileReader& read_file) {
  if (!globals.database.empty()) return globals.database;
  OTPGATE_ASSIGN_OR_RETURN(std::string configured,
                           FromConfiguration(globals, environment, read_file));
  if (!configured.empty()) return configured;
  const absl::StatusOr<std::string> file = read_file(kDevelopmentUrlFile);
  if (file.ok() && !absl::StripAsciiWhitespace(*file).empty()) {
    return std::string(absl::StripAsciiWhitespace(*file));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "which database? give --database, OTPGATE_DATABASE_URL or --config; there is no ",
      kDevelopmentUrlFile, " either"));
}

absl::StatusOr<std::string> FindDatabase(const Globals& globals) {
  return FindDatabase(globals, ProcessEnvironment(), ReadTextFile);
}

}  // namespace otpgate::ctl
