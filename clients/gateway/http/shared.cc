#include "clients/gateway/http/shared.h"

namespace otpgate::gateway {

bool OpenConnections::Add() {
  const absl::MutexLock lock(&mu_);
  if (count_ >= most_) return false;
  ++count_;
  none_ = false;
  return true;
}

void OpenConnections::Remove() {
  const absl::MutexLock lock(&mu_);
  none_ = --count_ == 0;
  if (none_) changed_.Signal();
}

bool OpenConnections::AwaitNone(absl::Duration patience) {
  const absl::MutexLock lock(&mu_);
  return changed_.Await(&mu_, none_, patience);
}

int OpenConnections::count() const {
  const absl::MutexLock lock(&mu_);
  return count_;
}

}  // namespace otpgate::gateway
