#ifndef OTPGATE_CLIENTS_CTL_ADMIN_ADMIN_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_ADMIN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/ctl/command.h"
#include "migrations/migrator/session.h"
#include "server/config/config.h"
#include "server/domain/session_commands.h"
#include "storage/postgres/pg_options.h"

namespace CLI {
class App;
}

namespace otpgate::ctl {

// otpgatectl otps|users|sessions|unlock|force-logout|keys|audit|cleanup: looking at and changing
// what the service keeps. Changes go through the rules and the guarded writes of the service
// itself, and each one leaves an audit event.

// The keys that live in the database.
inline constexpr char kSigning[] = "signing";

struct AdminOptions {
  std::string who;              // an identifier, or the id of an account
  std::string session;          // id of a session
  bool demo = false;            // --demo: of demo users
  bool all = false;             // force-logout --all
  std::string before;           // force-logout --all --before TIME
  bool yes = false;             // without being asked
  int limit = 50;               // rows of a list
  std::string reveal;           // --reveal REASON: identifiers in full
  std::string of = kSigning;    // keys: which ones
  std::string key_file;         // keys: their file
  std::string in = "15m";       // keys rotate: when the new one is used
  std::string master_key_file;  // keys rotate
  bool dry_run = false;         // cleanup run: only count
  std::string by;               // --by: who does it, for the audit
};

// Where a command works: one connection for looking, and the way to those for changing.
struct Place {
  std::unique_ptr<migrator::Session> session;
  PgOptions options;
  SecretsConfig secrets;  // where the key files are, as far as it is known
  CleanupConfig cleanup;
  absl::Duration max_clock_offset;  // of this machine and the database
};

using AdminAction = absl::StatusOr<Exit> (*)(Place&, const AdminOptions&, Output&);

// Adds the groups. A chosen command is put into `command`; `globals` and `command` must outlive the
// parse and the run.
void AddAdminCommands(CLI::App& app, const Globals& globals, Command& command);

absl::StatusOr<Exit> ListOtps(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> DeleteOtps(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> Unlock(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> ShowUser(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> DisableUser(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> EnableUser(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> ListSessionsOf(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> RevokeSessionOf(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> ForceLogout(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> ListKeys(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> RotateKey(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> RetireKey(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> DestroyKey(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> ListAudit(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> RunCleanup(Place& place, const AdminOptions& options, Output& output);
absl::StatusOr<Exit> ShowCleanup(Place& place, const AdminOptions& options, Output& output);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_ADMIN_H_
