#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/ctl/migrate.h"

namespace otpgate::ctl {
namespace {

void Tell(const migrator::Migrator::Step& step, Output& output) {
  output.Line(absl::StrCat("takes back ", step.migration.file));
  nlohmann::json losses = nlohmann::json::array();
  std::vector<std::vector<std::string>> table = {{"LOST FROM", "ROWS"}};
  for (const migrator::Loss& loss : step.losses) {
    table.push_back({absl::StrCat(loss.table, loss.column.empty() ? "" : ".", loss.column),
                     absl::StrCat(loss.rows)});
    nlohmann::json one = {{"table", loss.table}, {"rows", loss.rows}};
    if (!loss.column.empty()) one["column"] = loss.column;
    losses.push_back(std::move(one));
  }
  if (step.losses.empty()) {
    output.Line("no rows are lost");
  } else {
    output.Table(table);
  }
  output.Set("migration", step.migration.file);
  output.Set("losses", std::move(losses));
}

// Asks a person to type the name of the step.
absl::Status Confirm(const migrator::Migrator::Step& step, const Output& output) {
  if (output.json() || isatty(STDIN_FILENO) == 0) {
    return absl::AbortedError("rows would be lost: needs --yes, as nobody can be asked here");
  }
  std::printf("Type \"%s\" to lose these rows: ", step.migration.name.c_str());
  std::fflush(stdout);
  std::string typed;
  std::getline(std::cin, typed);
  if (absl::StripAsciiWhitespace(typed) == step.migration.name) return absl::OkStatus();
  return absl::AbortedError("nothing was changed");
}

}  // namespace

absl::StatusOr<Exit> MigrateDown(migrator::Migrator& migrator, const MigrateOptions& options,
                                 Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(const migrator::Migrator::Step step, migrator.PreviewDown());
  Tell(step, output);
  output.Set("dry_run", options.dry_run);
  if (options.dry_run) {
    output.Line("nothing was changed");
    return Exit::kOk;
  }
  if (!step.losses.empty() && !options.yes) OTPGATE_RETURN_IF_ERROR(Confirm(step, output));
  const bool may_lose = options.yes || !step.losses.empty();
  OTPGATE_RETURN_IF_ERROR(migrator.Down(step, may_lose));
  output.Set("version", step.migration.version - 1);
  output.Line(absl::StrCat("the schema is at version ", step.migration.version - 1));
  return Exit::kOk;
}

}  // namespace otpgate::ctl
