#include "clients/ctl/migrate.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "clients/ctl/find_database.h"
#include "migrations/migrator/connection.h"
#include "migrations/migrator/source.h"

namespace otpgate::ctl {
namespace {

using Action = absl::StatusOr<Exit> (*)(migrator::Migrator&, const MigrateOptions&, Output&);

// Reads the files first, so that errors in them are reported without a database.
absl::StatusOr<migrator::Migrator> Open(const Globals& globals, const MigrateOptions& options) {
  OTPGATE_ASSIGN_OR_RETURN(std::vector<migrator::Migration> files,
                           options.folder.empty() ? migrator::EmbeddedMigrations()
                                                  : migrator::MigrationsInFolder(options.folder));
  OTPGATE_ASSIGN_OR_RETURN(const std::string database, FindDatabase(globals));
  OTPGATE_ASSIGN_OR_RETURN(std::unique_ptr<pg::Connection> connection, migrator::Connect(database));
  return migrator::Migrator(std::move(connection), std::move(files),
                            absl::Seconds(options.lock_timeout));
}

absl::Status WithAdvice(absl::Status status) {
  if (!absl::IsPermissionDenied(status)) return status;
  return absl::PermissionDeniedError(
      absl::StrCat(status.message(),
                   "\nmigrations are run by otpgate_migrator or an administrator: --database"));
}

absl::StatusOr<Exit> Run(Action action, const Globals& globals, const MigrateOptions& options,
                         Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(migrator::Migrator migrator, Open(globals, options));
  absl::StatusOr<Exit> exit = action(migrator, options, output);
  if (!exit.ok()) return WithAdvice(exit.status());
  return exit;
}

// A command of the group; all commands share the options of the group.
CLI::App* Leaf(CLI::App& group, const char* name, const char* text, Action action,
               const std::shared_ptr<MigrateOptions>& options, const Globals& globals,
               Command& command) {
  CLI::App* leaf = group.add_subcommand(name, text);
  leaf->fallthrough();
  leaf->callback([action, options, &globals, &command] {
    command = [action, options, &globals](Output& output) {
      return Run(action, globals, *options, output);
    };
  });
  return leaf;
}

}  // namespace

void AddMigrateCommands(CLI::App& app, const Globals& globals, Command& command) {
  const auto options = std::make_shared<MigrateOptions>();
  CLI::App* group = app.add_subcommand("migrate", "Create, change and check the schema");
  group->require_subcommand(1)->fallthrough();
  group
      ->add_option("--dir", options->folder,
                   "Folder with V001__name.sql files instead of the built-in ones")
      ->check(CLI::ExistingDirectory);
  group->add_option("--wait", options->lock_timeout, "Seconds to wait for another migration to end")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();

  const auto add = [&](const char* name, const char* text, Action action) {
    return Leaf(*group, name, text, action, options, globals, command);
  };
  CLI::App* up = add("up", "Apply what is pending, one transaction for each file", MigrateUp);
  up->add_option("--to", options->target, "Stop after this version")->check(CLI::Range(1, 999));
  up->add_flag("--dry-run", options->dry_run, "Say what would be done and change nothing");
  CLI::App* down = add("down", "Take back the newest file", MigrateDown);
  down->add_flag("--dry-run", options->dry_run, "Say what would be lost and change nothing");
  down->add_flag("--yes", options->yes, "Lose the rows without being asked");
  add("status", "What is applied and what is pending", MigrateStatus);
  add("verify", "Check files, roles, rights and the consistency of the rows", MigrateVerify);
}

Exit ExitOf(const migrator::State& state) {
  if (!state.drift.empty()) return Exit::kDrift;
  return state.pending.empty() ? Exit::kOk : Exit::kPending;
}

}  // namespace otpgate::ctl
