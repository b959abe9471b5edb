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

absl::StatusOr<crypto::Keyring> LoadOrDraw(const std::string& path, Random& random) {
  if (!path.empty()) return crypto::Keyring::LoadFile(path);
  return crypto::Keyring::Parse(crypto::Keyring::NewFileText(random, "process"));
}

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

absl::StatusOr<Secrets> LoadSecrets(const Config& config, Random& random) {
  const SecretsConfig& files = config.secrets;
  OTPGATE_ASSIGN_OR_RETURN(crypto::Keyring peppers, LoadOrDraw(files.pepper_file, random));
  OTPGATE_ASSIGN_OR_RETURN(crypto::Keyring handles, LoadOrDraw(files.handle_key_file, random));
  OTPGATE_ASSIGN_OR_RETURN(crypto::Keyring refresh, LoadOrDraw(files.refresh_key_file, random));
  OTPGATE_ASSIGN_OR_RETURN(crypto::Keyring master, LoadOrDraw(files.master_key_file, random));
  return Secrets{std::move(peppers), std::move(handles), std::move(refresh), std::move(master)};
}

absl::StatusOr<Callers> LoadCallers(const Config& config) {
  std::vector<ClientEntry> entries;
  for (const ClientConfig& client : config.clients) {
    OTPGATE_ASSIGN_OR_RETURN(std::string mac, LoadMac(client.secret_mac_file));
    entries.push_back({.id = client.id,
                       .secret_mac = std::move(mac),
                       .methods = client.methods,
                       .may_forward_client_ip = client.may_forward_client_ip});
  }
  return Callers::Create(entries, config.environment == Environment::kDevelopment
                                      ? Callers::Unnamed::kDevelopment
                                      : Callers::Unnamed::kRefused);
}

}  // namespace otpgate
