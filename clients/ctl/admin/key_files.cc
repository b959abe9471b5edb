#include "clients/ctl/admin/key_files.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/crypto/system_random.h"
#include "base/status_macros.h"
#include "clients/ctl/admin/end_sessions.h"
#include "clients/ctl/admin/key_file_change.h"
#include "clients/ctl/admin/target.h"
#include "server/keys/key_file.h"

namespace otpgate::ctl {
namespace {

using keys::KeyFile;

absl::Time Now() { return SystemClock().Now(); }

std::string Text(absl::Time time) {
  if (time == absl::InfinitePast()) return "-";
  return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone());
}

absl::StatusOr<std::string> PathOf(const AdminContext& context, const AdminOptions& options) {
  if (!options.key_file.empty()) return options.key_file;
  const config::SecretsConfig& secrets = context.secrets;
  const std::string& path = options.of == "pepper"    ? secrets.pepper_file
                            : options.of == "handle"  ? secrets.handle_key_file
                            : options.of == "refresh" ? secrets.refresh_key_file
                                                      : secrets.master_key_file;
  if (!path.empty()) return path;
  return absl::InvalidArgumentError(
      absl::StrCat("which file? give --key-file, or --config with the file of ", options.of));
}

std::string StateOf(const keys::KeyFile& file, const keys::KeyFile::Line& line, absl::Time now) {
  if (line.retired) return "retired";
  if (line.from > now) return "next";
  return file.Active(now) == &line ? "active" : "accepted";
}

absl::StatusOr<keys::KeyFile> WithOneActive(absl::StatusOr<keys::KeyFile> edited) {
  if (!edited.ok() || edited->Active(Now()) != nullptr) return edited;
  return absl::NotFoundError("no other key is active: rotate first");
}

// Refuses to remove a master key: signing keys and pending messages are sealed with it.
absl::Status NotTheMaster(const AdminOptions& options) {
  if (options.of != "master") return absl::OkStatus();
  return absl::InvalidArgumentError(
      "signing keys in the database are sealed with master keys: those stay");
}

}  // namespace

absl::StatusOr<Exit> ListKeyFile(AdminContext& context, const AdminOptions& options,
                                 Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(const std::string path, PathOf(context, options));
  OTPGATE_ASSIGN_OR_RETURN(const keys::KeyFile file, keys::KeyFile::Load(path));
  std::vector<std::vector<std::string>> table = {{"KEY", "ACTIVE FROM", "STATE"}};
  nlohmann::json list = nlohmann::json::array();
  for (const keys::KeyFile::Line& line : file.lines()) {
    table.push_back({line.id, Text(line.from), StateOf(file, line, Now())});
    list.push_back({{"id", line.id}, {"active_from", table.back()[1]}, {"state", table.back()[2]}});
  }
  output.Table(table);
  output.Set("keys", std::move(list));
  return Exit::kOk;
}

absl::StatusOr<Exit> RotateKeyFile(AdminContext& context, const AdminOptions& options,
                                   Output& output) {
  absl::Duration wait;
  if (!absl::ParseDuration(options.in, &wait) || wait < absl::ZeroDuration()) {
    return absl::InvalidArgumentError("--in must be a time such as 15m or 24h");
  }
  OTPGATE_ASSIGN_OR_RETURN(const std::string path, PathOf(context, options));
  OTPGATE_ASSIGN_OR_RETURN(const keys::KeyFile file, keys::KeyFile::Load(path));
  const absl::Time now = Now();
  for (const keys::KeyFile::Line& line : file.lines()) {
    if (StateOf(file, line, now) == "next") {
      return absl::AlreadyExistsError("the next key is there already: see keys list");
    }
  }
  crypto::SystemRandom random;
  const std::string id = absl::FormatTime("%Y%m%d-%H%M%S", now, absl::UTCTimeZone());
  const absl::Time from = absl::FromUnixSeconds(absl::ToUnixSeconds(now + wait));
  OTPGATE_ASSIGN_OR_RETURN(const auto change, KeyFileChange::Begin(path, file));
  OTPGATE_ASSIGN_OR_RETURN(const keys::KeyFile fresh, file.WithNewKey(random, id, from));
  OTPGATE_RETURN_IF_ERROR(AuditKeyChange(context, options, KeyChange::kAdded, id));
  OTPGATE_RETURN_IF_ERROR(fresh.Save(path));
  output.Set("id", id);
  output.Set("active_from", Text(from));
  output.Line(absl::StrCat(id, " is in ", path, " and used from ", Text(from),
                           ": every server must have the file by then"));
  return Exit::kOk;
}

absl::StatusOr<Exit> RetireKeyFile(AdminContext& context, const AdminOptions& options,
                                   Output& output) {
  OTPGATE_RETURN_IF_ERROR(NotTheMaster(options));
  OTPGATE_ASSIGN_OR_RETURN(const std::string path, PathOf(context, options));
  OTPGATE_ASSIGN_OR_RETURN(const keys::KeyFile file, keys::KeyFile::Load(path));
  const keys::KeyFile::Line* line = file.Find(options.who);
  if (line == nullptr || line->retired) {
    return absl::NotFoundError("there is no such key, or it is retired already");
  }
  OTPGATE_ASSIGN_OR_RETURN(const keys::KeyFile fresh, WithOneActive(file.WithRetired(options.who)));
  OTPGATE_RETURN_IF_ERROR(
      Confirm(options, output, "What was made with this key is refused within seconds", "retire"));
  OTPGATE_ASSIGN_OR_RETURN(const auto change, KeyFileChange::Begin(path, file));
  OTPGATE_RETURN_IF_ERROR(AuditKeyChange(context, options, KeyChange::kRetired, options.who));
  OTPGATE_RETURN_IF_ERROR(fresh.Save(path));
  output.Set("id", options.who);
  output.Line("done");
  return Exit::kOk;
}

absl::StatusOr<Exit> DestroyKeyFile(AdminContext& context, const AdminOptions& options,
                                    Output& output) {
  OTPGATE_RETURN_IF_ERROR(NotTheMaster(options));
  OTPGATE_ASSIGN_OR_RETURN(const std::string path, PathOf(context, options));
  OTPGATE_ASSIGN_OR_RETURN(const keys::KeyFile file, keys::KeyFile::Load(path));
  const keys::KeyFile::Line* line = file.Find(options.who);
  if (line == nullptr || !line->retired) {
    return absl::NotFoundError("there is no such key, or it is still in use: retire it first");
  }
  OTPGATE_RETURN_IF_ERROR(Confirm(options, output, "The key is deleted for good", "destroy"));
  OTPGATE_ASSIGN_OR_RETURN(const auto change, KeyFileChange::Begin(path, file));
  int64_t ended = 0;
  if (options.of == "refresh") {
    OTPGATE_ASSIGN_OR_RETURN(ended, EndSessionsOfKey(context, options, options.who));
  }
  OTPGATE_RETURN_IF_ERROR(AuditKeyChange(context, options, KeyChange::kDestroyed, options.who));
  OTPGATE_ASSIGN_OR_RETURN(const keys::KeyFile fresh, file.Without(options.who));
  OTPGATE_RETURN_IF_ERROR(fresh.Save(path));
  output.Set("id", options.who);
  output.Set("sessions_ended", ended);
  output.Line(options.of == "refresh" ? absl::StrCat("done; sessions ended: ", ended) : "done");
  return Exit::kOk;
}

}  // namespace otpgate::ctl
