#include "server/app/key_manager.h"

#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "server/app/keyset_loader.h"
#include "server/service/signing_key_rows.h"

namespace otpgate::app {

KeyManager::KeyManager(const Parts& parts, SecretFiles files, const Secrets& first,
                       std::unique_ptr<storage::SigningKeys> signing_keys)
    : parts_(parts),
      files_(std::move(files)),
      sealer_(service::SigningKeySealer(first.master)),
      messages_(first.master, parts.random),
      signing_keys_(std::move(signing_keys)) {
  Use(first);
}

void KeyManager::Use(const Secrets& secrets) {
  secrets_.Set(std::make_shared<const service::CodeSecrets>(secrets.peppers, secrets.handle_keys,
                                                            secrets.refresh_keys));
  sealer_ = service::SigningKeySealer(secrets.master);
  messages_.UseKeys(secrets.master);
}

void KeyManager::ReadFiles() {
  const std::optional<Secrets> fresh = files_.Read(parts_.clock->Now());
  const std::string problem(files_.problem().message());
  if (problem != problem_ && !problem.empty()) {
    parts_.log->Error("KEY_FILES_REFUSED", {{"problem", problem}});
  }
  problem_ = problem;
  if (!fresh) return;
  Use(*fresh);
  parts_.log->Info("KEY_FILES_LOADED");
}

// Logged before the key signs, while there is time to bring the right master key to this server.
void KeyManager::NoteNextKey() {
  const bool fits = keyset_.Get()->next_can_sign();
  if (!fits && next_fits_) {
    parts_.log->Error("NEXT_SIGNING_KEY_UNREADABLE",
                      {{"problem", "secrets.master_key_file is not the one it was sealed with"}});
  }
  next_fits_ = fits;
}

absl::Status KeyManager::Reload() {
  ReadFiles();
  absl::Status status =
      RefreshKeyset(keyset_, *signing_keys_, sealer_, *parts_.random, parts_.rotate_signing_key);
  if (status.ok()) NoteNextKey();
  absl::MutexLock lock(&mu_);
  last_reload_ = status;
  return status;
}

absl::Status KeyManager::Begin() {
  OTPGATE_RETURN_IF_ERROR(Reload());
  repeater_ =
      std::make_unique<runtime::Repeater>(parts_.interval, [this] { Reload().IgnoreError(); });
  return absl::OkStatus();
}

absl::Status KeyManager::health() const {
  if (keyset_.Get() != nullptr) return absl::OkStatus();
  absl::MutexLock lock(&mu_);
  return last_reload_;
}

}  // namespace otpgate::app
