#include "server/domain/bucket_rules.h"

#include <algorithm>

namespace otpgate::domain {

Decision<TakeReply> BucketRules::Decide(const Take& command, absl::Time now,
                                        storage::BucketState& state,
                                        storage::BucketEffects&) const {
  const absl::Time tat = std::max(state.tat, now) + command.limit.interval;
  const absl::Time admitted_from = tat - command.limit.interval * command.limit.burst;
  if (now < admitted_from) return {{.admitted = false, .retry_after = admitted_from - now}};
  state.tat = tat;
  return {.reply = {.admitted = true, .retry_after = absl::ZeroDuration()}, .changed = true};
}

}  // namespace otpgate::domain
