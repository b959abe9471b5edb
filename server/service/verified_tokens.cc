#include "server/service/verified_tokens.h"

#include <utility>

namespace otpgate::service {

VerifiedTokens::Opened VerifiedTokens::Find(const std::string& digest) {
  absl::MutexLock lock(&mu_);
  if (const auto found = recent_.find(digest); found != recent_.end()) return found->second;
  const auto found = older_.find(digest);
  if (found == older_.end()) return nullptr;
  Opened opened = std::move(found->second);
  older_.erase(found);
  AddLocked(digest, opened);
  return opened;
}

void VerifiedTokens::Add(const std::string& digest, Opened opened) {
  absl::MutexLock lock(&mu_);
  AddLocked(digest, std::move(opened));
}

void VerifiedTokens::AddLocked(const std::string& digest, Opened opened) {
  if (recent_.size() >= most_) older_ = std::exchange(recent_, Map());
  recent_.insert_or_assign(digest, std::move(opened));
}

}  // namespace otpgate::service
