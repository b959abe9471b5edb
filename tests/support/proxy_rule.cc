#include "tests/support/proxy_rule.h"

namespace otpgate::support {

bool ProxyRule::WaitFired(absl::Duration limit) const {
  absl::MutexLock lock(&mu_);
  return mu_.AwaitWithTimeout(absl::Condition(&fired_), limit);
}

bool ProxyRule::fired() const {
  absl::MutexLock lock(&mu_);
  return fired_;
}

bool ProxyRule::Disarm() {
  absl::MutexLock lock(&mu_);
  disarmed_ = true;
  return fired_;
}

void ProxyRule::Release() {
  absl::MutexLock lock(&mu_);
  released_ = true;
}

bool ProxyRule::Fires(const ProxyMessage& message) {
  if (message.direction != spec_.direction || !spec_.match(message)) return false;
  absl::MutexLock lock(&mu_);
  if (fired_ || disarmed_ || ++seen_ < spec_.number) return false;
  fired_ = true;
  return true;
}

void ProxyRule::WaitReleased() const {
  absl::MutexLock lock(&mu_);
  mu_.Await(absl::Condition(&released_));
}

}  // namespace otpgate::support
