#include "clients/cpp/jwks_cache.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/crypto/jwks.h"

namespace otpgate::client {
namespace {

absl::StatusOr<std::vector<crypto::VerifyKey>> KeysOf(const absl::StatusOr<std::string>& fetched) {
  if (!fetched.ok()) return fetched.status();
  absl::StatusOr<std::vector<crypto::VerifyKey>> keys = crypto::ParseJwks(*fetched);
  // A service always has keys, so an empty set is a fault and must not replace good keys.
  if (keys.ok() && keys->empty()) return absl::UnavailableError("an empty key set");
  return keys;
}

}  // namespace

JwksCache::JwksCache(JwksFetch fetch, const Clock& clock, const Options& options)
    : fetch_(std::move(fetch)), clock_(clock), options_(options), thread_([this] { Work(); }) {}

JwksCache::~JwksCache() {
  {
    absl::MutexLock lock(&mu_);
    closed_ = true;
  }
  thread_.join();
}

absl::StatusOr<crypto::VerifyKey> JwksCache::Find(absl::string_view kid) {
  absl::MutexLock lock(&mu_);
  if (Age() >= options_.refresh_after) AskFor(absl::ZeroDuration());
  // After a failed fetch nobody waits for the next one while the old keys may still be used.
  if (Age() >= options_.max_stale || (Age() >= options_.max_age && last_.ok())) AwaitFetch();
  if (Age() >= options_.max_stale) {
    return absl::UnavailableError(absl::StrCat("no keys: ", last_.message()));
  }
  if (const crypto::VerifyKey* key = Known(kid)) return *key;
  return FindAnew(kid);
}

// After a failed fetch a made-up kid does not make callers wait.
absl::StatusOr<crypto::VerifyKey> JwksCache::FindAnew(absl::string_view kid) {
  AskFor(options_.cool_down);
  if (last_.ok()) AwaitFetch();
  if (const crypto::VerifyKey* key = Known(kid)) return *key;
  if (!last_.ok()) {
    return absl::UnavailableError(absl::StrCat("unknown key, no newer keys: ", last_.message()));
  }
  if (fetching_) return absl::UnavailableError("unknown key, newer keys are on their way");
  return absl::NotFoundError("unknown key");
}

absl::Duration JwksCache::Age() const {
  return fetched_at_ ? clock_.Steady() - *fetched_at_ : absl::InfiniteDuration();
}

const crypto::VerifyKey* JwksCache::Known(absl::string_view kid) const {
  for (const crypto::VerifyKey& key : keys_) {
    if (key.kid() == kid) return &key;
  }
  return nullptr;
}

void JwksCache::AskFor(absl::Duration since_last_fetch) {
  if (fetching_ || closed_) return;
  const absl::Duration now = clock_.Steady();
  const absl::Duration pause = last_.ok() ? since_last_fetch : options_.error_pause;
  if (asked_at_ && now - *asked_at_ < pause) return;
  asked_at_ = now;
  fetching_ = true;
}

void JwksCache::AwaitFetch() {
  mu_.AwaitWithTimeout(absl::Condition(this, &JwksCache::Idle), options_.wait);
}

void JwksCache::Work() {
  absl::MutexLock lock(&mu_);
  while (true) {
    mu_.Await(absl::Condition(this, &JwksCache::HasNews));
    if (!fetching_) return;
    mu_.Unlock();
    absl::StatusOr<std::vector<crypto::VerifyKey>> fetched = KeysOf(fetch_());
    mu_.Lock();
    last_ = fetched.status();
    if (last_.ok()) {
      keys_ = *std::move(fetched);
      fetched_at_ = asked_at_;
    }
    fetching_ = false;
  }
}

}  // namespace otpgate::client
