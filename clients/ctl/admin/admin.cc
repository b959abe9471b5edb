#include "clients/ctl/admin/admin.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/ctl/admin/target.h"
#include "clients/ctl/find_database.h"
#include "migrations/migrator/connection.h"

namespace otpgate::ctl {
namespace {

constexpr char kRoles[] =
    "Roles: a superuser, or a login with otpgate_owner in force, may run every admin command. "
    "otpgate_app may run all but audit list, keys retire|destroy of signing keys, and cleanup. "
    "otpgate_cleanup may run cleanup alone. "
    "otpgate_readonly looks (otps, users, sessions, keys, audit, cleanup status; no --reveal), "
    "which leaves no audit event.";

// Adds to a refusal which roles may run the command.
absl::Status WithRoles(const absl::Status& status) {
  const bool refused =
      absl::IsPermissionDenied(status) || absl::StrContains(status.message(), "SQLSTATE 42501");
  if (!refused) return status;
  return absl::PermissionDeniedError(absl::StrCat(status.message(), "\n", kRoles));
}

enum class Access { kRead, kChange };

// Every change writes an audit event, so a role without that right may change nothing.
absl::Status CheckMayChange(AdminContext& context) {
  OTPGATE_ASSIGN_OR_RETURN(const bool may, MayWriteAudit(context));
  return may ? absl::OkStatus() : absl::PermissionDeniedError("this role only looks");
}

absl::StatusOr<Exit> Run(AdminAction action, Access access, const Globals& globals,
                         const AdminOptions& options, Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(const std::string database, FindDatabase(globals));
  AdminContext context;
  context.options.connection_string = database;
  OTPGATE_ASSIGN_OR_RETURN(context.secrets, FindSecrets(globals));
  OTPGATE_ASSIGN_OR_RETURN(const config::Config config, FindConfig(globals));
  context.max_clock_offset = config.database.max_clock_offset;
  context.cleanup = WithClockOff(config.cleanup.job, context.max_clock_offset);
  OTPGATE_ASSIGN_OR_RETURN(context.connection, migrator::Connect(database));
  if (access == Access::kChange) {
    const absl::Status may = CheckMayChange(context);
    if (!may.ok()) return WithRoles(may);
  }
  absl::StatusOr<Exit> done = action(context, options, output);
  return done.ok() ? done : WithRoles(done.status());
}

std::string Operator() {
  for (const char* name : {"SUDO_USER", "USER"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return absl::StrCat("uid ", getuid());
}

class Builder {
 public:
  Builder(const Globals& globals, Command& command) : globals_(globals), command_(command) {}

  CLI::App* Leaf(CLI::App& parent, const char* name, const char* text, AdminAction action,
                 Access access = Access::kChange) {
    CLI::App* leaf = parent.add_subcommand(name, text);
    leaf->fallthrough();
    leaf->add_option("--by", options_->by, "Who does this, for the audit")->default_val(Operator());
    leaf->callback([action, access, options = options_, &globals = globals_, &command = command_] {
      command = [action, access, options, &globals](Output& output) {
        return Run(action, access, globals, *options, output);
      };
    });
    return leaf;
  }

  void Who(CLI::App* leaf, bool required = true) {
    leaf->add_option("who", options_->who,
                     "A canonical identifier (+14155550123, test@example.com) or an account's id")
        ->required(required);
    leaf->add_flag("--demo", options_->demo, "The demo user of that identifier");
  }
  void Confirmed(CLI::App* leaf) { leaf->add_flag("--yes", options_->yes, "Without being asked"); }
  void Listed(CLI::App* leaf) {
    leaf->add_option("--limit", options_->limit, "Rows at most")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    Revealing(leaf);
  }
  void Revealing(CLI::App* leaf) {
    leaf->add_option("--reveal", options_->reveal,
                     "Show identifiers in full; the reason given here goes into the audit");
  }
  AdminOptions& options() { return *options_; }

 private:
  const Globals& globals_;
  Command& command_;
  const std::shared_ptr<AdminOptions> options_ = std::make_shared<AdminOptions>();
};

CLI::App* Group(CLI::App& app, const char* name, const char* text) {
  CLI::App* group = app.add_subcommand(name, text);
  group->require_subcommand(1)->fallthrough();
  group->footer(kRoles);
  return group;
}

void AddKeys(CLI::App& app, Builder& build) {
  AdminOptions& options = build.options();
  CLI::App* keys = Group(app, "keys", "Keys of tokens, codes and handles");
  CLI::App* list = build.Leaf(*keys, "list", "Which one is in use, which come and went", ListKeys,
                              Access::kRead);
  CLI::App* rotate =
      build.Leaf(*keys, "rotate", "Add a key that takes over in 15 minutes", RotateKey);
  CLI::App* retire =
      build.Leaf(*keys, "retire", "Compromised: refuse what it made, within seconds", RetireKey);
  CLI::App* destroy = build.Leaf(*keys, "destroy", "Delete a key that is not used", DestroyKey);
  for (CLI::App* leaf : {list, rotate, retire, destroy}) {
    leaf->add_option("--of", options.of, "Signing keys are in the database, the others in files")
        ->check(CLI::IsMember({kSigning, "pepper", "handle", "refresh", "master"}))
        ->capture_default_str();
    leaf->add_option("--key-file", options.key_file,
                     "Their file; else the one of the server's configuration")
        ->check(CLI::ExistingFile);
  }
  rotate->add_option("--in", options.in, "Keys in files: the time to bring the file to all servers")
      ->capture_default_str();
  rotate
      ->add_option("--master-key-file", options.master_key_file,
                   "Signing keys: the file of secrets.master_key_file")
      ->check(CLI::ExistingFile);
  for (CLI::App* leaf : {retire, destroy}) {
    leaf->add_option("id", options.who, "Id of the key")->required();
    build.Confirmed(leaf);
  }
}

}  // namespace

void AddAdminCommands(CLI::App& app, const Globals& globals, Command& command) {
  Builder build(globals, command);
  app.footer(absl::StrCat(app.get_footer(), "\n\n", kRoles));

  CLI::App* otps = Group(app, "otps", "Pending codes; never the codes themselves");
  build.Listed(build.Leaf(*otps, "list", "Pending codes, newest first", ListOtps, Access::kRead));
  build.Who(build.Leaf(*otps, "delete", "End all pending codes of an identifier", DeleteOtps));

  CLI::App* users = Group(app, "users", "Accounts");
  CLI::App* show =
      build.Leaf(*users, "show", "An account and its identifiers", ShowUser, Access::kRead);
  build.Who(show);
  build.Revealing(show);
  CLI::App* disable =
      build.Leaf(*users, "disable", "Sign an account out and let it in no more", DisableUser);
  build.Who(disable);
  build.Confirmed(disable);
  build.Who(build.Leaf(*users, "enable", "Let a disabled account in again", EnableUser));

  CLI::App* sessions = Group(app, "sessions", "Signed-in devices");
  build.Who(build.Leaf(*sessions, "list", "Sessions of an account", ListSessionsOf, Access::kRead));
  CLI::App* revoke = build.Leaf(*sessions, "revoke", "End one session", RevokeSessionOf);
  build.Who(revoke);
  revoke->add_option("session", build.options().session, "Id of the session")->required();

  build.Who(build.Leaf(app, "unlock", "Forget the failed guesses of an identifier", Unlock));

  CLI::App* logout = build.Leaf(app, "force-logout", "End all sessions", ForceLogout);
  CLI::Option* all = logout->add_flag("--all", build.options().all, "Of everybody");
  logout
      ->add_option("--before", build.options().before,
                   "After a fail-over that may have lost writes: what began before this time "
                   "(2026-01-31T12:00:00Z, an hour ahead at most) is over, pending codes too")
      ->needs(all);
  logout->add_option("--user", build.options().who, "Of this account or identifier")->excludes(all);
  logout->add_flag("--demo", build.options().demo, "The demo user of that identifier");
  build.Confirmed(logout);

  AddKeys(app, build);

  CLI::App* audit = Group(app, "audit", "Who did what, and when");
  CLI::App* events = build.Leaf(*audit, "list", "Newest first", ListAudit, Access::kRead);
  build.Who(events, /*required=*/false);
  build.Listed(events);

  CLI::App* cleanup = Group(app, "cleanup", "Removing rows that are of no use any more");
  // Writes no audit event, as otpgate_cleanup has no right to; the lease names its last holder.
  CLI::App* run =
      build.Leaf(*cleanup, "run", "Now, unless a server is at it", RunCleanup, Access::kRead);
  run->add_flag("--dry-run", build.options().dry_run, "Count what would go, and remove nothing");
  run->footer(
      "Refused while the clocks of this machine and of the database are further apart than "
      "database.max_clock_offset; OTPGATE_DATABASE_MAX_CLOCK_OFFSET=1h allows as much as may be.");
  build.Leaf(*cleanup, "status", "Who does it, the last round, and what waits for the next",
             ShowCleanup, Access::kRead);
}

}  // namespace otpgate::ctl
