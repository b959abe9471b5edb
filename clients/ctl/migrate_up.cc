#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/ctl/migrate.h"

namespace otpgate::ctl {
namespace {

absl::StatusOr<Exit> DryRun(migrator::Migrator& migrator, const MigrateOptions& options,
                            Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(const migrator::State state, migrator.ReadState());
  OTPGATE_RETURN_IF_ERROR(migrator::CheckNoDrift(state));
  OTPGATE_ASSIGN_OR_RETURN(const std::vector<migrator::Gap> gaps, migrator.ReadGaps());
  nlohmann::json mended = nlohmann::json::array();
  for (const migrator::Gap& gap : gaps) {
    output.Line(absl::StrCat("would mend: ", gap.what, ": ", gap.sql));
    mended.push_back({{"what", gap.what}, {"sql", gap.sql}});
  }
  nlohmann::json applied = nlohmann::json::array();
  for (const migrator::Migration& migration : state.pending) {
    if (migration.version > options.target) break;
    output.Line(absl::StrCat("would apply ", migration.file));
    applied.push_back(migration.file);
  }
  output.Line("nothing was changed");
  output.Set("dry_run", true);
  output.Set("mended", std::move(mended));
  output.Set("applied", std::move(applied));
  output.Set("version", state.version);
  return Exit::kOk;
}

}  // namespace

absl::StatusOr<Exit> MigrateUp(migrator::Migrator& migrator, const MigrateOptions& options,
                               Output& output) {
  if (options.dry_run) return DryRun(migrator, options, output);
  nlohmann::json applied = nlohmann::json::array();
  const absl::Status done = migrator.Up(options.target, [&](const migrator::Migration& migration) {
    output.Line(absl::StrCat("applied ", migration.file));
    applied.push_back(migration.file);
  });
  output.Set("dry_run", false);
  output.Set("applied", std::move(applied));  // even if a later file failed
  OTPGATE_RETURN_IF_ERROR(done);
  OTPGATE_ASSIGN_OR_RETURN(const migrator::State state, migrator.ReadState());
  output.Set("version", state.version);
  output.Line(absl::StrCat("the schema is at version ", state.version));
  return Exit::kOk;
}

}  // namespace otpgate::ctl
