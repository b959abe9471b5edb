#include "server/auth/client_limiter.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/auth/failures.h"

namespace otpgate {
namespace {

Failure Refused(absl::Duration retry_after) {
  Failure failure = FailureOf(Reason::kClientLimit);
  failure.retry_after = retry_after;
  failure.quota = "client_address";
  return failure;
}

// A permit that may or may not have been taken is spent; the call itself was not evaluated.
Failure NotAsked(const absl::Status& status) {
  return absl::IsUnknown(status) ? FailureFrom(absl::UnavailableError("")) : FailureFrom(status);
}

}  // namespace

void ClientLimiter::Take(const ClientAddress& client, UserType user_type, const Patience& patience,
                         Done<std::monostate> done) {
  std::string bucket = absl::StrCat(client.bucket, ":", NameOf(user_type));
  const absl::Duration wait = RememberedWait(bucket);
  if (wait > absl::ZeroDuration()) return done(Refused(wait));
  engine_->Submit({.command = {.bucket = bucket, .limit = limit_},
                   .answer =
                       [this, bucket = std::move(bucket),
                        done = std::move(done)](absl::StatusOr<TakeReply> reply) {
                         if (!reply.ok()) return done(NotAsked(reply.status()));
                         if (reply->admitted) return done(std::monostate());
                         Remember(bucket, reply->retry_after);
                         done(Refused(reply->retry_after));
                       },
                   .patience = patience});
}

void ClientLimiter::Remember(const std::string& bucket, absl::Duration retry_after) {
  const absl::Duration now = clock_->Steady();
  absl::MutexLock lock(&mu_);
  if (refused_until_.size() >= kRememberedMax && now >= next_sweep_) {
    next_sweep_ = now + kSweepInterval;
    absl::erase_if(refused_until_, [&](const auto& entry) { return entry.second <= now; });
  }
  if (refused_until_.size() < kRememberedMax) refused_until_[bucket] = now + retry_after;
}

absl::Duration ClientLimiter::RememberedWait(const std::string& bucket) {
  const absl::Duration now = clock_->Steady();
  absl::MutexLock lock(&mu_);
  const auto it = refused_until_.find(bucket);
  if (it == refused_until_.end()) return absl::ZeroDuration();
  if (it->second > now) return it->second - now;
  refused_until_.erase(it);
  return absl::ZeroDuration();
}

}  // namespace otpgate
