#include <CLI/CLI.hpp>

#include "clients/ctl/admin/admin.h"
#include "clients/ctl/command.h"
#include "clients/ctl/exit_code.h"
#include "clients/ctl/migrate.h"
#include "clients/ctl/output.h"

namespace otpgate::ctl {
namespace {

constexpr char kFooter[] =
    "Exit codes: 0 done, 1 failed, 2 usage, 3 migrations pending, 4 drift, 5 busy, 6 cannot "
    "connect";

void AddGlobals(CLI::App& app, Globals& globals) {
  app.add_option("--database", globals.database,
                 "libpq connection string or postgresql:// URI, without password. Else "
                 "OTPGATE_DATABASE_URL, else database.url of --config, else .data/database.url");
  app.add_option("--password-file", globals.password_file,
                 "File whose first line is the password. Else, unless --database is given, "
                 "database.password_file as the server reads it");
  app.add_option("--config", globals.config, "Configuration file of the server")
      ->check(CLI::ExistingFile);
  app.add_flag("--json", globals.json, "One JSON object instead of text");
  app.require_subcommand(1);
  app.footer(kFooter);
}

int Run(const Command& command, bool json) {
  Output output(json);
  const absl::StatusOr<Exit> done = command(output);
  const Exit exit = done.ok() ? *done : ExitOf(done.status());
  output.Finish(exit, done.status());
  return static_cast<int>(exit);
}

}  // namespace
}  // namespace otpgate::ctl

int main(int argc, char** argv) {
  using namespace otpgate::ctl;  // NOLINT: the body of this program
  CLI::App app("Administers an otpgate installation", "otpgatectl");
  Globals globals;
  Command command;
  AddGlobals(app, globals);
  AddMigrateCommands(app, globals, command);
  AddAdminCommands(app, globals, command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // --help throws one, too
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::kUsage);
  }
  return Run(command, globals.json);
}
