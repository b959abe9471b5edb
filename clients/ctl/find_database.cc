#include "clients/ctl/find_database.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/pg/connection_string.h"
#include "base/status_macros.h"
#include "base/text_file.h"
#include "server/config/forms.h"
#include "server/config/password_file.h"

namespace otpgate::ctl {
namespace {

// How to reach a database. An empty url: the source has none.
struct Source {
  std::string url;
  std::string password_file;
};

absl::StatusOr<Source> FromFlag(const std::string& url) {
  const config::Form form = config::DatabaseUrlForm();
  if (form.fits(url)) return Source{url, ""};
  return absl::InvalidArgumentError(absl::StrCat("--database must be ", form.form));
}

absl::StatusOr<config::LoadedConfig> FromServer(const Globals& globals,
                                                const config::EnvironmentVariables& environment,
                                                const config::FileReader& read_file) {
  config::CommandLine line;
  line.config_file = globals.config;
  return config::LoadConfig(line, environment, read_file, config::ConfigRules::kNone);
}

absl::StatusOr<Source> FromConfiguration(const Globals& globals,
                                         const config::EnvironmentVariables& environment,
                                         const config::FileReader& read_file) {
  OTPGATE_ASSIGN_OR_RETURN(const config::LoadedConfig loaded,
                           FromServer(globals, environment, read_file));
  return Source{loaded.config.database.postgres.connection_string,
                loaded.config.database.password_file};
}

absl::StatusOr<Source> FromWorkingFolder(const config::FileReader& read_file) {
  const absl::StatusOr<std::string> file = read_file(kDevelopmentUrlFile);
  if (file.ok() && !absl::StripAsciiWhitespace(*file).empty()) {
    return Source{std::string(absl::StripAsciiWhitespace(*file)), ""};
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "which database? give --database, OTPGATE_DATABASE_URL or --config; there is no ",
      kDevelopmentUrlFile, " either"));
}

absl::StatusOr<Source> StrongestSource(const Globals& globals,
                                       const config::EnvironmentVariables& environment,
                                       const config::FileReader& read_file) {
  if (!globals.database.empty()) return FromFlag(globals.database);
  OTPGATE_ASSIGN_OR_RETURN(Source configured, FromConfiguration(globals, environment, read_file));
  if (!configured.url.empty()) return configured;
  return FromWorkingFolder(read_file);
}

}  // namespace

absl::StatusOr<std::string> FindDatabase(const Globals& globals,
                                         const config::EnvironmentVariables& environment,
                                         const config::FileReader& read_file) {
  OTPGATE_ASSIGN_OR_RETURN(Source source, StrongestSource(globals, environment, read_file));
  if (!globals.password_file.empty()) source.password_file = globals.password_file;
  if (source.password_file.empty()) return source.url;
  OTPGATE_ASSIGN_OR_RETURN(const std::string password,
                           config::ReadPasswordFile(source.password_file, read_file));
  return pg::WithPassword(source.url, password);
}

absl::StatusOr<std::string> FindDatabase(const Globals& globals) {
  return FindDatabase(globals, config::ProcessEnvironment(), ReadTextFile);
}

absl::StatusOr<config::SecretsConfig> FindSecrets(const Globals& globals,
                                                  const config::EnvironmentVariables& environment,
                                                  const config::FileReader& read_file) {
  OTPGATE_ASSIGN_OR_RETURN(const config::LoadedConfig loaded,
                           FromServer(globals, environment, read_file));
  config::SecretsConfig secrets = loaded.config.secrets;
  const std::string& url = loaded.config.database.postgres.connection_string;
  if (!globals.database.empty() || !url.empty()) return secrets;
  const auto fall_back = [&read_file](std::string& path, const char* development) {
    if (path.empty() && read_file(development).ok()) path = development;
  };
  fall_back(secrets.pepper_file, ".data/secrets/pepper.keys");
  fall_back(secrets.handle_key_file, ".data/secrets/handle.keys");
  fall_back(secrets.refresh_key_file, ".data/secrets/refresh.keys");
  fall_back(secrets.master_key_file, ".data/secrets/master.keys");
  return secrets;
}

absl::StatusOr<config::Config> FindConfig(const Globals& globals) {
  OTPGATE_ASSIGN_OR_RETURN(const config::LoadedConfig loaded,
                           FromServer(globals, config::ProcessEnvironment(), ReadTextFile));
  return loaded.config;
}

absl::StatusOr<config::SecretsConfig> FindSecrets(const Globals& globals) {
  return FindSecrets(globals, config::ProcessEnvironment(), ReadTextFile);
}

}  // namespace otpgate::ctl
