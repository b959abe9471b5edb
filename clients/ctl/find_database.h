#ifndef OTPGATE_CLIENTS_CTL_FIND_DATABASE_H_
#define OTPGATE_CLIENTS_CTL_FIND_DATABASE_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/ctl/command.h"
#include "server/config/load.h"

namespace otpgate::ctl {

// Where a development database says how it is reached, relative to the current folder.
inline constexpr char kDevelopmentUrlFile[] = ".data/database.url";

// The libpq connection string, from the first that has one:
//   --database, which everybody on this machine can see, so it must not hold a password
//   OTPGATE_DATABASE_URL, or database.url in the file of --config or OTPGATE_CONFIG, as the server
//   reads them, with the password of database.password_file
//   .data/database.url, which deploy/run writes
// with the password of --password-file, if that is given.
// INVALID_ARGUMENT: there is none, or a source is broken; says which, never a value.
absl::StatusOr<std::string> FindDatabase(const Globals& globals,
                                         const EnvironmentVariables& environment,
                                         const FileReader& read_file);

// With the environment and the files of this process.
absl::StatusOr<std::string> FindDatabase(const Globals& globals);

// Where the key files of the service are: of its configuration, else, for the database of
// .data/database.url alone, those of the development server in .data/secrets; empty where nothing
// is known.
absl::StatusOr<SecretsConfig> FindSecrets(const Globals& globals,
                                          const EnvironmentVariables& environment,
                                          const FileReader& read_file);
absl::StatusOr<SecretsConfig> FindSecrets(const Globals& globals);

// What the configuration of the service says, or the defaults.
absl::StatusOr<Config> FindConfig(const Globals& globals);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_FIND_DATABASE_H_
