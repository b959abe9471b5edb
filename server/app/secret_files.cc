#include "server/app/secret_files.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/text_file.h"

namespace otpgate::app {
namespace {

// Reads 64 hex digits, alone or after "...= ", as `openssl dgst` prints them.
absl::StatusOr<std::string> LoadMac(const std::string& path) {
  OTPGATE_ASSIGN_OR_RETURN(std::string text, ReadTextFile(path));
  absl::string_view digits = absl::StripAsciiWhitespace(text);
  digits.remove_prefix(digits.rfind(' ') == absl::string_view::npos ? 0 : digits.rfind(' ') + 1);
  const bool hex = digits.size() == 64 &&
                   digits.find_first_not_of("0123456789abcdefABCDEF") == absl::string_view::npos;
  if (!hex) return absl::InvalidArgumentError(absl::StrCat(path, " must hold 64 hex digits"));
  return absl::HexStringToBytes(digits);
}

}  // namespace

SecretFiles::SecretFiles(const config::SecretsConfig& paths, Random& random) {
  files_[kPeppers].path = paths.pepper_file;
  files_[kHandleKeys].path = paths.handle_key_file;
  files_[kRefreshKeys].path = paths.refresh_key_file;
  files_[kMaster].path = paths.master_key_file;
  for (File& file : files_) {
    if (!file.path.empty()) continue;
    file.content = *keys::KeyFile::Parse(keys::KeyFile::NewText(random, "process"));
  }
}

absl::StatusOr<keys::KeyFile> SecretFiles::Load(const std::string& path, absl::Time now) {
  OTPGATE_ASSIGN_OR_RETURN(keys::KeyFile file, keys::KeyFile::Load(path));
  if (file.Active(now) != nullptr) return file;
  return absl::FailedPreconditionError(
      absl::StrCat("key file ", path, ": every key is retired or still to come"));
}

void SecretFiles::Refresh(File& file, absl::Time now) {
  if (!file.path.empty()) {
    absl::StatusOr<keys::KeyFile> fresh = Load(file.path, now);
    problem_.Update(fresh.status());
    if (fresh.ok()) {
      changed_ = changed_ || !file.content || file.content->text() != fresh->text();
      file.content = *std::move(fresh);
    }
  }
  if (!file.content) return;
  const std::string& active_id = file.content->Active(now)->id;
  changed_ = changed_ || active_id != file.active_id;
  file.active_id = active_id;
}

std::optional<Secrets> SecretFiles::Read(absl::Time now) {
  problem_ = absl::OkStatus();
  for (File& file : files_) Refresh(file, now);
  const auto at = [&](Use use) -> absl::StatusOr<keys::Keyring> {
    if (!files_[use].content) return absl::NotFoundError("never read");
    return keys::Keyring::At(*files_[use].content, now);
  };
  absl::StatusOr<keys::Keyring> peppers = at(kPeppers);
  absl::StatusOr<keys::Keyring> handles = at(kHandleKeys);
  absl::StatusOr<keys::Keyring> refresh = at(kRefreshKeys);
  absl::StatusOr<keys::Keyring> master = at(kMaster);
  if (!changed_ || !peppers.ok() || !handles.ok() || !refresh.ok() || !master.ok()) {
    return std::nullopt;
  }
  changed_ = false;
  return Secrets{*std::move(peppers), *std::move(handles), *std::move(refresh), *std::move(master)};
}

absl::StatusOr<rpc::Callers> LoadCallers(const config::Config& config) {
  std::vector<rpc::CallerEntry> entries;
  for (const config::CallerConfig& caller : config.callers) {
    std::string mac;
    if (!caller.secret_mac_file.empty()) {
      OTPGATE_ASSIGN_OR_RETURN(mac, LoadMac(caller.secret_mac_file));
    }
    entries.push_back({.id = caller.id,
                       .secret_mac = std::move(mac),
                       .methods = caller.methods,
                       .may_forward_client_ip = caller.may_forward_client_ip,
                       .san = caller.san});
  }
  return rpc::Callers::Create(entries, config.environment == config::Environment::kDevelopment
                                           ? rpc::Callers::WithoutCredentials::kDevelopment
                                           : rpc::Callers::WithoutCredentials::kRefused);
}

}  // namespace otpgate::app
