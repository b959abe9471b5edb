#ifndef OTPGATE_SERVER_KEY_CARE_H_
#define OTPGATE_SERVER_KEY_CARE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/auth/code_secrets.h"
#include "server/auth/signing_keyset.h"
#include "server/crypto/aead.h"
#include "server/delivery/payload.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"
#include "server/secrets.h"
#include "storage/signing_keys.h"

namespace otpgate {

// All keys of one server, kept up to date: those of the key files, and the signing keys of the
// database, sealed with one of the former. What others hold (secrets(), keyset(), messages()) is
// thread-safe; the rest is for one thread. Events: KEY_FILES_LOADED, KEY_FILES_REFUSED,
// NEXT_SIGNING_KEY_UNREADABLE.
class KeyCare {
 public:
  // All outlive it.
  struct Parts {
    const Clock* clock = nullptr;
    Random* random = nullptr;
    Log* log = nullptr;
    absl::Duration rotate_signing_key;
  };

  // `first`: what `files` said when they were read before.
  KeyCare(const Parts& parts, SecretFiles files, const Secrets& first,
          std::unique_ptr<SigningKeys> signing_keys);

  const CurrentSecrets* secrets() const { return &secrets_; }
  const CurrentKeyset* keyset() const { return &keyset_; }
  const delivery::MessageSealer* messages() const { return &messages_; }

  // Reads the key files again. One that cannot be used leaves the keys of before in force, and is
  // told of once.
  void ReadFiles();
  // Reads the signing keys, when the last time was long enough ago or `now`. Errors of
  // RefreshKeyset.
  absl::Status RefreshSigningKeys(bool now);

 private:
  void Use(const Secrets& secrets);
  void NoteNextKey();

  const Parts parts_;
  SecretFiles files_;
  std::string problem_;  // the last one that was logged
  CurrentSecrets secrets_;
  crypto::Sealer sealer_;  // of signing keys
  delivery::MessageSealer messages_;
  const std::unique_ptr<SigningKeys> signing_keys_;
  CurrentKeyset keyset_;
  bool next_fits_ = true;
  absl::Duration due_;  // when the signing keys are read again, by Clock::Steady()
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_KEY_CARE_H_
