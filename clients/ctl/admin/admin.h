#ifndef OTPGATE_CLIENTS_CTL_ADMIN_ADMIN_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_ADMIN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/pg/connection.h"
#include "clients/ctl/command.h"
#include "server/config/config.h"
#include "server/domain/session_commands.h"
#include "server/jobs/cleanup_options.h"

namespace CLI {
class App;
}

namespace otpgate::ctl {

// otpgatectl otps|users|sessions|unlock|force-logout|keys|audit|cleanup: commands that show and
// change the data of the service. Changes go through the rules and the guarded writes of the
// service itself. Each change writes an audit event.

// The value of --of for the keys in the database.
inline constexpr char kSigning[] = "signing";

struct AdminOptions {
  std::string who;              // an identifier, an account id, or a key id
  std::string session;          // id of a session
  bool demo = false;            // --demo: of demo users
  bool all = false;             // force-logout --all
  std::string before;           // force-logout --all --before TIME
  bool yes = false;             // --yes: without confirmation
  int limit = 50;               // rows of a list
  std::string reveal;           // --reveal REASON: identifiers in full
  std::string of = kSigning;    // keys: which ones
  std::string key_file;         // keys: the key file
  std::string in = "15m";       // keys rotate: time until the new key is used
  std::string master_key_file;  // keys rotate
  bool dry_run = false;         // cleanup run: only count
  std::string by;               // --by: the actor in the audit
};

// The database and the configuration that a command works with. `connection` runs its queries;
// the stores open connections of their own with `options`.
struct AdminContext {
  std::unique_ptr<pg::Connection> connection;
  pg::ConnectionOptions options;
  config::SecretsConfig secrets;  // paths of the key files; empty: unknown
  jobs::CleanupOptions cleanup;
  absl::Duration max_clock_offset;  // of this machine and the database
};

using AdminAction = absl::StatusOr<Exit> (*)(AdminContext&, const AdminOptions&, Output&);

// Adds the groups. Parsing stores the chosen command in `command`. `globals` and `command` must
// outlive the parse and the run.
void AddAdminCommands(CLI::App& app, const Globals& globals, Command& command);

absl::StatusOr<Exit> ListOtps(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> DeleteOtps(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> Unlock(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> ShowUser(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> DisableUser(AdminContext& context, const AdminOptions& options,
                                 Output& output);
absl::StatusOr<Exit> EnableUser(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> ListSessionsOf(AdminContext& context, const AdminOptions& options,
                                    Output& output);
absl::StatusOr<Exit> RevokeSessionOf(AdminContext& context, const AdminOptions& options,
                                     Output& output);
absl::StatusOr<Exit> ForceLogout(AdminContext& context, const AdminOptions& options,
                                 Output& output);
absl::StatusOr<Exit> ListKeys(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> RotateKey(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> RetireKey(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> DestroyKey(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> ListAudit(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> RunCleanup(AdminContext& context, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> ShowCleanup(AdminContext& context, const AdminOptions& options,
                                 Output& output);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_ADMIN_H_
