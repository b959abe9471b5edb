#include "server/key_care.h"

#include <optional>
#include <utility>

#include "server/auth/signing_key_rows.h"
#include "server/keyset_loader.h"
#include "server/runtime/status_macros.h"

namespace otpgate {

KeyCare::KeyCare(const Parts& parts, SecretFiles files, const Secrets& first,
                 std::unique_ptr<SigningKeys> signing_keys)
    : parts_(parts),
      files_(std::move(files)),
      sealer_(SigningKeySealer(first.master)),
      messages_(first.master, parts.random),
      signing_keys_(std::move(signing_keys)) {
  Use(first);
}

void KeyCare::Use(const Secrets& secrets) {
  secrets_.Set(std::make_shared<const CodeSecrets>(secrets.peppers, secrets.handle_keys,
                                                   secrets.refresh_keys));
  sealer_ = SigningKeySealer(secrets.master);
  messages_.UseKeys(secrets.master);
}

void KeyCare::ReadFiles() {
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

// While there is still time to bring the right master key here.
void KeyCare::NoteNextKey() {
  const bool fits = keyset_.Get()->next_can_sign();
  if (!fits && next_fits_) {
    parts_.log->Error("NEXT_SIGNING_KEY_UNREADABLE",
                      {{"problem", "secrets.master_key_file is not the one it was sealed with"}});
  }
  next_fits_ = fits;
}

absl::Status KeyCare::Look() {
  ReadFiles();
  absl::Status status =
      RefreshKeyset(keyset_, *signing_keys_, sealer_, *parts_.random, parts_.rotate_signing_key);
  if (status.ok()) NoteNextKey();
  absl::MutexLock lock(&mu_);
  last_look_ = status;
  return status;
}

absl::Status KeyCare::Begin() {
  OTPGATE_RETURN_IF_ERROR(Look());
  repeater_ = std::make_unique<Repeater>(parts_.interval, [this] { Look().IgnoreError(); });
  return absl::OkStatus();
}

absl::Status KeyCare::health() const {
  if (keyset_.Get() != nullptr) return absl::OkStatus();
  absl::MutexLock lock(&mu_);
  return last_look_;
}

}  // namespace otpgate
