#ifndef OTPGATE_CLIENTS_CPP_JWKS_CACHE_H_
#define OTPGATE_CLIENTS_CPP_JWKS_CACHE_H_

#include <optional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/crypto/signing.h"
#include "otpgate/client/jwks.h"

namespace otpgate::client {

// The public keys of access tokens, fetched on demand and kept as JwksCacheOptions describes.
// Thread-safe.
class JwksCache {
 public:
  using Options = JwksCacheOptions;

  // `clock` must outlive the cache.
  JwksCache(JwksFetch fetch, const Clock& clock, const Options& options);
  // Waits for the end of a running fetch.
  ~JwksCache();
  JwksCache(const JwksCache&) = delete;
  JwksCache& operator=(const JwksCache&) = delete;

  // The key named `kid`.
  //   NOT_FOUND    the newest keys do not contain it
  //   UNAVAILABLE  the keys in memory are missing, too old, or without this one, and newer keys
  //                could not be fetched
  absl::StatusOr<crypto::VerifyKey> Find(absl::string_view kid) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  // A key that is not in memory.
  absl::StatusOr<crypto::VerifyKey> FindAnew(absl::string_view kid)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Duration Age() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  const crypto::VerifyKey* Known(absl::string_view kid) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Makes the thread fetch, unless it does so already or the last fetch began less than
  // `since_last_fetch` ago (after a failed one: `error_pause`).
  void AskFor(absl::Duration since_last_fetch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void AwaitFetch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool Idle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return !fetching_; }
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return fetching_ || closed_; }
  void Work() ABSL_LOCKS_EXCLUDED(mu_);

  const JwksFetch fetch_;
  const Clock& clock_;
  const Options options_;

  absl::Mutex mu_;
  std::vector<crypto::VerifyKey> keys_ ABSL_GUARDED_BY(mu_);
  // Steady clock: start of the newest fetch, and of the one that brought keys_.
  std::optional<absl::Duration> asked_at_ ABSL_GUARDED_BY(mu_);
  std::optional<absl::Duration> fetched_at_ ABSL_GUARDED_BY(mu_);
  absl::Status last_ ABSL_GUARDED_BY(mu_);  // how the newest fetch ended
  bool fetching_ ABSL_GUARDED_BY(mu_) = false;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENTS_CPP_JWKS_CACHE_H_
