#ifndef OTPGATE_CLIENTS_CTL_MIGRATE_H_
#define OTPGATE_CLIENTS_CTL_MIGRATE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "clients/ctl/command.h"
#include "migrations/migrator/migrator.h"

namespace CLI {
class App;
}

namespace otpgate::ctl {

// otpgatectl migrate up|down|status|verify

struct MigrateOptions {
  std::string folder;              // --dir; empty: the embedded files
  double lock_timeout = 10;        // --wait, seconds
  bool dry_run = false;            // up, down
  bool yes = false;                // down
  int target = migrator::kNewest;  // up --to
};

// Adds the group. Parsing stores the chosen command in `command`. `globals` and `command` must
// outlive the parse and the run.
void AddMigrateCommands(CLI::App& app, const Globals& globals, Command& command);

absl::StatusOr<Exit> MigrateUp(migrator::Migrator& migrator, const MigrateOptions& options,
                               Output& output);
absl::StatusOr<Exit> MigrateDown(migrator::Migrator& migrator, const MigrateOptions& options,
                                 Output& output);
absl::StatusOr<Exit> MigrateStatus(migrator::Migrator& migrator, const MigrateOptions& options,
                                   Output& output);
absl::StatusOr<Exit> MigrateVerify(migrator::Migrator& migrator, const MigrateOptions& options,
                                   Output& output);

// kDrift if there is drift, else kPending if a migration is pending, else kOk.
Exit ExitOf(const migrator::State& state);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_MIGRATE_H_
