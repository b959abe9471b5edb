#ifndef OTPGATE_SERVER_KEY_CARE_H_
#define OTPGATE_SERVER_KEY_CARE_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/auth/code_secrets.h"
#include "server/auth/signing_keyset.h"
#include "server/crypto/aead.h"
#include "server/delivery/payload.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"
#include "server/runtime/repeater.h"
#include "server/secrets.h"
#include "storage/signing_keys.h"

namespace otpgate {

// All keys of one server, kept up to date: those of the key files, and the signing keys of the
// database, sealed with one of the former. Looks at both again and again, on a thread of its own,
// however seldom anybody asks for its health. What others hold (secrets(), keyset(), messages()) is
// thread-safe. Events: KEY_FILES_LOADED, KEY_FILES_REFUSED, NEXT_SIGNING_KEY_UNREADABLE.
class KeyCare {
 public:
  // All outlive it.
  struct Parts {
    const Clock* clock = nullptr;
    Random* random = nullptr;
    Log* log = nullptr;
    absl::Duration rotate_signing_key;
    absl::Duration interval;  // from look to look
  };

  // `first`: what `files` said when they were read before.
  KeyCare(const Parts& parts, SecretFiles files, const Secrets& first,
          std::unique_ptr<SigningKeys> signing_keys);

  const CurrentSecrets* secrets() const { return &secrets_; }
  const CurrentKeyset* keyset() const { return &keyset_; }
  const delivery::MessageSealer* messages() const { return &messages_; }

  // The database is there and fits: looks once on the calling thread, and from success on by
  // itself. Errors of RefreshKeyset; then it may be called again, by the same thread.
  absl::Status Begin();
  // OK while there are signing keys in force; or why there are none. Thread-safe.
  absl::Status health() const ABSL_LOCKS_EXCLUDED(mu_);
  // Waits for a look that runs; none follows. Idempotent, not beside Begin.
  void Stop() { repeater_.reset(); }

 private:
  absl::Status Look() ABSL_LOCKS_EXCLUDED(mu_);
  // A file that cannot be used leaves the keys of before in force, and is told of once.
  void ReadFiles();
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
  mutable absl::Mutex mu_;
  absl::Status last_look_ ABSL_GUARDED_BY(mu_);  // at the signing keys
  std::unique_ptr<Repeater> repeater_;           // the last member: it uses the others
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_KEY_CARE_H_
