#include "server/service/verified_tokens.h"

#include <utility>

namespace otpgate::service {

VerifiedTokens::Opened VerifiedTokens::Find(const std::string& digest) {
  absl::MutexLock lock(&mu_);
  if (const auto found = young_.find(digest); found != young_.end()) return found->second;
  const auto found = old_.find(digest);
  if (found == old_.end()) return nullptr;
  Opened opened = std::move(found->second);
  old_.erase(found);
  AddLocked(digest, opened);
  return opened;
}

void VerifiedTokens::Add(const std::string& digest, Opened opened) {
  absl::MutexLock lock(&mu_);
  AddLocked(digest, std::move(opened));
}

void VerifiedTokens::AddLocked(const std::string& digest, Opened opened) {
  if (young_.size() >= most_) old_ = std::exchange(young_, Map());
  young_.insert_or_assign(digest, std::move(opened));
}

}  // namespace otpgate::service
