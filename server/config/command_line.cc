// The only file of the server that includes CLI11. No exception of CLI11 leaves it.
#include "server/config/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/config/describe.h"

namespace otpgate::config {
namespace {

constexpr char kFooter[] =
    "\nValues come from flags, then the environment, then the file, then the defaults in "
    "brackets.\n"
    "Callers ([[clients]]) are named in the file only.\n";

// What CLI11 fills in; outlives the CLI::App.
struct Parsed {
  std::string config_file;
  bool check_config = false;
  std::map<absl::string_view, std::string> texts;  // by key name
};

std::unique_ptr<CLI::App> MakeApp(Parsed& parsed) {
  auto app = std::make_unique<CLI::App>("Sign-in with one-time codes over gRPC.", "otpgate-server");
  app->allow_extras();
  app->footer(kFooter);
  app->add_option("--config", parsed.config_file,
                  "TOML file with the configuration. OTPGATE_CONFIG")
      ->type_name("FILE");
  app->add_flag("--check-config", parsed.check_config,
                "Print the effective configuration with the source of each value, and end.");
  for (const Key& key : AllKeys()) {
    const std::string section(Section(key));
    app->add_option(FlagName(key), parsed.texts[key.name],
                    absl::StrCat(Describe(key), " ", EnvironmentName(key), " [",
                                 FormatValue(key.field, Config()), "]"))
        ->type_name(" ")
        ->group(section.empty() ? "General" : section);
  }
  return app;
}

absl::Status CheckExtras(const std::vector<std::string>& extras) {
  std::vector<std::string> names = {"--config", "--check-config", "--help"};
  for (const Key& key : AllKeys()) names.push_back(FlagName(key));
  std::vector<std::string> problems;
  for (const std::string& extra : extras) {
    if (!absl::StartsWith(extra, "-")) continue;
    const std::string name = extra.substr(0, extra.find('='));
    problems.push_back(absl::StrCat("flag ", name, ": no such flag", DidYouMean(name, names)));
  }
  if (problems.empty() && !extras.empty()) problems.push_back("only flags are expected");
  if (problems.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& args) {
  Parsed parsed;
  const std::unique_ptr<CLI::App> app = MakeApp(parsed);
  CommandLine line;
  try {
    app->parse(std::vector<std::string>(args.rbegin(), args.rend()));
  } catch (const CLI::CallForHelp&) {
    line.action = CommandLine::Action::kHelp;
    return line;
  } catch (const CLI::Error& error) {
    return absl::InvalidArgumentError(error.what());
  }
  if (absl::Status extras = CheckExtras(app->remaining()); !extras.ok()) return extras;
  if (parsed.check_config) line.action = CommandLine::Action::kCheckConfig;
  line.config_file = parsed.config_file;
  for (const Key& key : AllKeys()) {
    if (app->count(FlagName(key)) == 0) continue;
    line.values.push_back({&key, parsed.texts[key.name], absl::StrCat("flag ", FlagName(key))});
  }
  return line;
}

std::string HelpText() {
  Parsed parsed;
  return MakeApp(parsed)->help();
}

}  // namespace otpgate::config
