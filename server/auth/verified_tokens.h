#ifndef OTPGATE_SERVER_AUTH_VERIFIED_TOKENS_H_
#define OTPGATE_SERVER_AUTH_VERIFIED_TOKENS_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "server/crypto/jws.h"

namespace otpgate {

// Access tokens whose signature was found right, so that a token which is shown again and again is
// computed once. Nothing but the signature is remembered: whoever finds a token here still asks
// whether its key is in use, and for its times, issuer and audience. Keyed by the SHA-256 digest of
// the whole token, so no token is kept, and a text that differs in one bit is another one.
//
// Keeps the `most` that were asked for last, and up to as many older ones. Thread-safe.
class VerifiedTokens {
 public:
  using Opened = std::shared_ptr<const crypto::SignedClaims>;

  explicit VerifiedTokens(size_t most) : most_(most) {}

  // Null: not among them.
  Opened Find(const std::string& digest) ABSL_LOCKS_EXCLUDED(mu_);
  void Add(const std::string& digest, Opened opened) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  using Map = absl::flat_hash_map<std::string, Opened>;

  void AddLocked(const std::string& digest, Opened opened) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const size_t most_;
  absl::Mutex mu_;
  Map young_ ABSL_GUARDED_BY(mu_);
  Map old_ ABSL_GUARDED_BY(mu_);  // was `young_` until that was full
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_VERIFIED_TOKENS_H_
