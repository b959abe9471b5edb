#ifndef OTPGATE_SERVER_SERVICE_VERIFIED_TOKENS_H_
#define OTPGATE_SERVER_SERVICE_VERIFIED_TOKENS_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "base/crypto/jws.h"

namespace otpgate::service {

// A cache of access tokens whose signature was right, so that a token that is presented often is
// verified once. Only the signature is remembered: the user of an entry still checks whether its
// key is in use, and its times, issuer and audience. Entries are found by the SHA-256 digest of the
// whole token, so no token is kept, and a text that differs in one bit is another one.
//
// Keeps the `most` tokens that were used last, and up to as many older ones. Thread-safe.
class VerifiedTokens {
 public:
  using Opened = std::shared_ptr<const crypto::SignedClaims>;

  explicit VerifiedTokens(size_t most) : most_(most) {}

  // Null: not cached.
  Opened Find(const std::string& digest) ABSL_LOCKS_EXCLUDED(mu_);
  void Add(const std::string& digest, Opened opened) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  using Map = absl::flat_hash_map<std::string, Opened>;

  void AddLocked(const std::string& digest, Opened opened) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const size_t most_;
  absl::Mutex mu_;
  Map recent_ ABSL_GUARDED_BY(mu_);
  Map older_ ABSL_GUARDED_BY(mu_);  // the previous `recent_`, replaced when that was full
};

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_VERIFIED_TOKENS_H_
