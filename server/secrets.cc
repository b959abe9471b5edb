#include "server/secrets.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/config/load.h"
#include "server/runtime/status_macros.h"

namespace otpgate {
namespace {

// 64 hex digits, as `openssl dgst` prints them, alone or behind its "...= ".
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

SecretFiles::SecretFiles(const SecretsConfig& paths, Random& random) {
  files_[kPeppers].path = paths.pepper_file;
  files_[kHandleKeys].path = paths.handle_key_file;
  files_[kRefreshKeys].path = paths.refresh_key_file;
  files_[kMaster].path = paths.master_key_file;
  for (File& file : files_) {
    if (!file.path.empty()) continue;
    file.content = *crypto::KeyFile::Parse(crypto::KeyFile::NewText(random, "process"));
  }
}

absl::StatusOr<bool> SecretFiles::Refresh(File& file, absl::Time now) {
  bool changed = false;
  if (!file.path.empty()) {
    OTPGATE_ASSIGN_OR_RETURN(crypto::KeyFile fresh, crypto::KeyFile::Load(file.path));
    if (fresh.Active(now) == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("key file ", file.path, ": every key is retired or still to come"));
    }
    changed = !file.content || file.content->text() != fresh.text();
    file.content = std::move(fresh);
  }
  const std::string& active_id = file.content->Active(now)->id;
  changed = changed || active_id != file.active_id;
  file.active_id = active_id;
  return changed;
}

absl::StatusOr<std::optional<Secrets>> SecretFiles::Read(absl::Time now) {
  for (File& file : files_) {
    OTPGATE_ASSIGN_OR_RETURN(const bool this_one, Refresh(file, now));
    changed_ = changed_ || this_one;
  }
  if (!changed_) return std::nullopt;
  OTPGATE_ASSIGN_OR_RETURN(auto peppers, crypto::Keyring::At(*files_[kPeppers].content, now));
  OTPGATE_ASSIGN_OR_RETURN(auto handles, crypto::Keyring::At(*files_[kHandleKeys].content, now));
  OTPGATE_ASSIGN_OR_RETURN(auto refresh, crypto::Keyring::At(*files_[kRefreshKeys].content, now));
  OTPGATE_ASSIGN_OR_RETURN(auto master, crypto::Keyring::At(*files_[kMaster].content, now));
  changed_ = false;
  return Secrets{std::move(peppers), std::move(handles), std::move(refresh), std::move(master)};
}

absl::StatusOr<Callers> LoadCallers(const Config& config) {
  std::vector<ClientEntry> entries;
  for (const ClientConfig& client : config.clients) {
    std::string mac;
    if (!client.secret_mac_file.empty()) {
      OTPGATE_ASSIGN_OR_RETURN(mac, LoadMac(client.secret_mac_file));
    }
    entries.push_back({.id = client.id,
                       .secret_mac = std::move(mac),
                       .methods = client.methods,
                       .may_forward_client_ip = client.may_forward_client_ip,
                       .san = client.san});
  }
  return Callers::Create(entries, config.environment == Environment::kDevelopment
                                      ? Callers::Unnamed::kDevelopment
                                      : Callers::Unnamed::kRefused);
}

}  // namespace otpgate
