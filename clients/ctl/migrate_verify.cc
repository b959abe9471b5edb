#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/ctl/migrate.h"
#include "migrations/migrator/verify.h"

namespace otpgate::ctl {
namespace {

// Problems of roles, settings and privileges.
absl::StatusOr<std::vector<std::string>> AccessProblems(migrator::Migrator& migrator) {
  OTPGATE_ASSIGN_OR_RETURN(const std::vector<migrator::Gap> gaps, migrator.ReadGaps());
  OTPGATE_ASSIGN_OR_RETURN(std::vector<std::string> problems,
                           migrator::FindPrivilegeProblems(migrator.connection()));
  for (const migrator::Gap& gap : gaps) {
    problems.push_back(absl::StrCat(gap.what, " (mended by \"otpgatectl migrate up\")"));
  }
  return problems;
}

nlohmann::json ToJson(const std::vector<migrator::BrokenRule>& broken) {
  nlohmann::json json = nlohmann::json::array();
  for (const migrator::BrokenRule& one : broken) {
    json.push_back({{"rule", std::string(one.rule->name)},
                    {"text", std::string(one.rule->text)},
                    {"rows", one.rows}});
  }
  return json;
}

}  // namespace

absl::StatusOr<Exit> MigrateVerify(migrator::Migrator& migrator, const MigrateOptions& options,
                                   Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(const migrator::State state, migrator.ReadState());
  // The data rules apply to the newest schema only.
  if (ExitOf(state) != Exit::kOk) return MigrateStatus(migrator, options, output);
  OTPGATE_ASSIGN_OR_RETURN(const std::vector<std::string> access, AccessProblems(migrator));
  OTPGATE_ASSIGN_OR_RETURN(const std::vector<migrator::BrokenRule> broken,
                           migrator::FindDataProblems(migrator.connection()));
  for (const std::string& problem : access) output.Line(absl::StrCat("drift: ", problem));
  for (const migrator::BrokenRule& one : broken) {
    output.Line(
        absl::StrCat("broken in ", one.rows, " rows: ", one.rule->text, " (", one.rule->name, ")"));
  }
  output.Set("version", state.version);
  output.Set("drift", access);
  output.Set("broken_rules", ToJson(broken));
  if (!broken.empty()) return Exit::kFailed;
  if (!access.empty()) return Exit::kDrift;
  output.Line(absl::StrCat("version ", state.version, ": files, roles, rights and ",
                           migrator::DataRules().size(),
                           " rules over the rows are as they should be"));
  return Exit::kOk;
}

}  // namespace otpgate::ctl
