#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "clients/ctl/migrate.h"

namespace otpgate::ctl {

absl::StatusOr<Exit> MigrateStatus(migrator::Migrator& migrator, const MigrateOptions&,
                                   Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(const migrator::State state, migrator.ReadState());
  std::map<int, std::vector<std::string>> rows;  // by version, so that gaps are visible
  nlohmann::json applied = nlohmann::json::array();
  for (const migrator::Applied& one : state.applied) {
    rows[one.version] = {absl::StrFormat("V%03d", one.version), one.name, "applied",
                         one.applied_at};
    applied.push_back({{"version", one.version},
                       {"name", one.name},
                       {"checksum", one.checksum},
                       {"applied_at", one.applied_at}});
  }
  nlohmann::json pending = nlohmann::json::array();
  for (const migrator::Migration& one : state.pending) {
    rows[one.version] = {absl::StrFormat("V%03d", one.version), one.name, "pending", ""};
    pending.push_back({{"version", one.version}, {"name", one.name}, {"checksum", one.checksum}});
  }
  std::vector<std::vector<std::string>> table = {{"VERSION", "NAME", "STATE", "APPLIED AT"}};
  for (auto& [version, row] : rows) table.push_back(std::move(row));
  output.Table(table);
  for (const std::string& sentence : state.drift) output.Line(absl::StrCat("drift: ", sentence));
  output.Set("version", state.version);
  output.Set("applied", std::move(applied));
  output.Set("pending", std::move(pending));
  output.Set("drift", state.drift);
  return ExitOf(state);
}

}  // namespace otpgate::ctl
