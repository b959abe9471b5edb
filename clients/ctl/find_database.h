#ifndef OTPGATE_CLIENTS_CTL_FIND_DATABASE_H_
#define OTPGATE_CLIENTS_CTL_FIND_DATABASE_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/ctl/command.h"
#include "server/config/load.h"

namespace otpgate::ctl {

// The file with the URL of the development database, relative to the working folder.
inline constexpr char kDevelopmentUrlFile[] = ".data/database.url";

// The libpq connection string, from the first source that has one:
//
//   1. --database. All users of the machine can see it, so it must not hold a password.
//   2. OTPGATE_DATABASE_URL, or database.url in the file of --config or OTPGATE_CONFIG, read as the
//      server does, with the password of database.password_file.
//   3. .data/database.url, which deploy/run writes.
//
// --password-file overrides the password file. INVALID_ARGUMENT: no source has one, or a source is
// malformed; the message names the source and contains no value.
absl::StatusOr<std::string> FindDatabase(const Globals& globals,
                                         const config::EnvironmentVariables& environment,
                                         const config::FileReader& read_file);

// The same with the environment and the files of this process.
absl::StatusOr<std::string> FindDatabase(const Globals& globals);

// The paths of the key files, from the configuration of the service. Only for the database of
// .data/database.url, missing paths are those of the development server in .data/secrets. Empty:
// unknown.
absl::StatusOr<config::SecretsConfig> FindSecrets(const Globals& globals,
                                                  const config::EnvironmentVariables& environment,
                                                  const config::FileReader& read_file);
absl::StatusOr<config::SecretsConfig> FindSecrets(const Globals& globals);

// The configuration of the service; defaults where it has no value.
absl::StatusOr<config::Config> FindConfig(const Globals& globals);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_FIND_DATABASE_H_
