#include "server/service/address_limiter.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/domain/quotas.h"
#include "server/engine/submit.h"
#include "server/service/failures.h"

namespace otpgate::service {
namespace {

errors::Failure Refused(const domain::BucketLimit& limit, absl::Duration retry_after) {
  errors::Failure failure = FailureOf(errors::Reason::kClientLimit);
  failure.retry_after = retry_after;
  failure.quota = std::string(domain::kEndUserAddressQuota);
  failure.quota_limit = limit.burst;
  failure.quota_window = limit.interval * limit.burst;
  return failure;
}

// A permit may have been taken and is then lost, but the call itself was not evaluated: an unknown
// outcome of the former is no unknown outcome of the latter.
errors::Failure NotAsked(const absl::Status& status) {
  return absl::IsUnknown(status) ? FailureFrom(absl::UnavailableError("")) : FailureFrom(status);
}

}  // namespace

runtime::Task<errors::Outcome<std::monostate>> AddressLimiter::Take(
    validation::EndUserAddress address, storage::UserType user_type,
    engine::Cancellation cancellation) {
  const std::string bucket = absl::StrCat(address.bucket, ":", NameOf(user_type));
  const absl::Duration wait = RememberedWait(bucket);
  if (wait > absl::ZeroDuration()) co_return tl::unexpected(Refused(limit_, wait));
  domain::BucketRules::Command take;
  take.bucket = bucket;
  take.limit = limit_;
  const absl::StatusOr<domain::TakeReply> reply =
      co_await Submit(engine_, std::move(take), cancellation);
  if (!reply.ok()) co_return tl::unexpected(NotAsked(reply.status()));
  if (reply->admitted) co_return std::monostate();
  Remember(bucket, reply->retry_after);
  co_return tl::unexpected(Refused(limit_, reply->retry_after));
}

void AddressLimiter::Remember(const std::string& bucket, absl::Duration retry_after) {
  const absl::Duration now = clock_->Steady();
  absl::MutexLock lock(&mu_);
  if (refused_until_.size() >= kRememberedMax && now >= next_sweep_) {
    next_sweep_ = now + kSweepInterval;
    absl::erase_if(refused_until_, [&](const auto& entry) { return entry.second <= now; });
  }
  if (refused_until_.size() < kRememberedMax) refused_until_[bucket] = now + retry_after;
}

absl::Duration AddressLimiter::RememberedWait(const std::string& bucket) {
  const absl::Duration now = clock_->Steady();
  absl::MutexLock lock(&mu_);
  const auto it = refused_until_.find(bucket);
  if (it == refused_until_.end()) return absl::ZeroDuration();
  if (it->second > now) return it->second - now;
  refused_until_.erase(it);
  return absl::ZeroDuration();
}

}  // namespace otpgate::service
