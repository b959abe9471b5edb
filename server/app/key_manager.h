#ifndef OTPGATE_SERVER_APP_KEY_MANAGER_H_
#define OTPGATE_SERVER_APP_KEY_MANAGER_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "server/app/secret_files.h"
#include "server/delivery/payload.h"
#include "server/keys/aead.h"
#include "server/runtime/repeater.h"
#include "server/service/code_secrets.h"
#include "server/service/signing_keyset.h"
#include "storage/signing_keys.h"

namespace otpgate::app {

// All keys of one server: those of the key files, and the signing keys in the database, which are
// sealed with a key of the former. Reloads both at intervals on a thread of its own, independent of
// health checks. The objects behind secrets(), keyset() and messages() are thread-safe.
// Events: KEY_FILES_LOADED, KEY_FILES_REFUSED, NEXT_SIGNING_KEY_UNREADABLE.
class KeyManager {
 public:
  // What the manager uses; all outlive it.
  struct Parts {
    const Clock* clock = nullptr;
    Random* random = nullptr;
    Log* log = nullptr;
    absl::Duration rotate_signing_key;
    absl::Duration interval;  // between reloads
  };

  // `first`: the secrets from the first read of `files`.
  KeyManager(const Parts& parts, SecretFiles files, const Secrets& first,
             std::unique_ptr<storage::SigningKeys> signing_keys);

  const service::CurrentSecrets* secrets() const { return &secrets_; }
  const service::CurrentKeyset* keyset() const { return &keyset_; }
  const delivery::MessageSealer* messages() const { return &messages_; }

  // Loads the keys on the calling thread and starts the reloads. To be called once the database
  // answers and fits. After an error, those of RefreshKeyset, it may be called again by the same
  // thread.
  absl::Status Begin();
  // OK while there are signing keys in force, else why there are none. Thread-safe.
  absl::Status health() const ABSL_LOCKS_EXCLUDED(mu_);
  // Ends the reloads, after one that is running. Idempotent; not concurrent with Begin.
  void Stop() { repeater_.reset(); }

 private:
  absl::Status Reload() ABSL_LOCKS_EXCLUDED(mu_);
  // An unusable file leaves its earlier keys in force, and is logged once.
  void ReadFiles();
  void Use(const Secrets& secrets);
  void NoteNextKey();

  const Parts parts_;
  SecretFiles files_;
  std::string problem_;  // the last one that was logged
  service::CurrentSecrets secrets_;
  keys::Sealer sealer_;  // of signing keys
  delivery::MessageSealer messages_;
  const std::unique_ptr<storage::SigningKeys> signing_keys_;
  service::CurrentKeyset keyset_;
  bool next_fits_ = true;
  mutable absl::Mutex mu_;
  absl::Status last_reload_ ABSL_GUARDED_BY(mu_);  // of the signing keys
  std::unique_ptr<runtime::Repeater> repeater_;    // the last member: it uses the others
};

}  // namespace otpgate::app

#endif  // OTPGATE_SERVER_APP_KEY_MANAGER_H_
