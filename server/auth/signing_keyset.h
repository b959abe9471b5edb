#ifndef OTPGATE_SERVER_AUTH_SIGNING_KEYSET_H_
#define OTPGATE_SERVER_AUTH_SIGNING_KEYSET_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/crypto/signing.h"

namespace otpgate {

// The keys of access tokens, as one server holds them. Immutable, so thread-safe.
class SigningKeyset {
 public:
  // `published`: the public keys of the JWKS, that of `active` included.
  SigningKeyset(crypto::SigningKey active, std::vector<crypto::VerifyKey> published)
      : active_(std::move(active)), published_(std::move(published)) {}

  const crypto::SigningKey& active() const { return active_; }
  const std::vector<crypto::VerifyKey>& published() const { return published_; }

  // Null: no such key.
  const crypto::VerifyKey* Find(absl::string_view kid) const {
    for (const crypto::VerifyKey& key : published_) {
      if (key.kid() == kid) return &key;
    }
    return nullptr;
  }

 private:
  const crypto::SigningKey active_;
  const std::vector<crypto::VerifyKey> published_;
};

// The key set in force; none until the database was reached for the first time. Thread-safe.
class CurrentKeyset {
 public:
  // Null: not known yet.
  std::shared_ptr<const SigningKeyset> Get() const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::ReaderMutexLock lock(&mu_);
    return keyset_;
  }
  void Set(std::shared_ptr<const SigningKeyset> keyset) ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    keyset_ = std::move(keyset);
  }

 private:
  mutable absl::Mutex mu_;
  std::shared_ptr<const SigningKeyset> keyset_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_SIGNING_KEYSET_H_
