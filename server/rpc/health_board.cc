#include "server/rpc/health_board.h"

namespace otpgate::rpc {

Health HealthBoard::Of(absl::string_view service) const {
  if (!services_.contains(service)) return Health::kServiceUnknown;
  absl::MutexLock lock(&mu_);
  return Current();
}

void HealthBoard::SetServing(bool serving) {
  absl::MutexLock lock(&mu_);
  if (!retired_) Set(serving);
}

void HealthBoard::Retire() {
  absl::MutexLock lock(&mu_);
  retired_ = true;
  Set(false);
}

void HealthBoard::Set(bool serving) {
  if (serving == serving_) return;
  serving_ = serving;
  for (const auto& [watcher, known] : watchers_) {
    if (known) watcher->OnHealth(Current());
  }
}

void HealthBoard::Close() {
  absl::MutexLock lock(&mu_);
  closed_ = true;
  for (const auto& [watcher, known] : watchers_) watcher->OnClosed();
}

void HealthBoard::Watch(absl::string_view service, Watcher* watcher) {
  absl::MutexLock lock(&mu_);
  const bool known = services_.contains(service);
  watcher->OnHealth(known ? Current() : Health::kServiceUnknown);
  if (closed_) watcher->OnClosed();
  watchers_.emplace(watcher, known);
}

void HealthBoard::Unwatch(Watcher* watcher) {
  absl::MutexLock lock(&mu_);
  watchers_.erase(watcher);
}

}  // namespace otpgate::rpc
