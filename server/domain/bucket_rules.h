#ifndef OTPGATE_SERVER_DOMAIN_BUCKET_RULES_H_
#define OTPGATE_SERVER_DOMAIN_BUCKET_RULES_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "server/domain/bucket_limit.h"
#include "server/domain/decision.h"
#include "storage/types.h"

namespace otpgate::domain {

// Takes one permit of one bucket.
struct Take {
  std::string bucket;
  BucketLimit limit;
};

struct TakeReply {
  bool admitted = false;
  absl::Duration retry_after;  // when refused: until the next permit

  friend bool operator==(const TakeReply&, const TakeReply&) = default;
};

// The rule of limits that all servers share, for the engine. Stateless and thread-safe.
class BucketRules {
 public:
  using Aggregate = storage::Bucket;
  using Command = Take;
  using Reply = TakeReply;

  static const std::string& KeyOf(const Take& command) { return command.bucket; }
  static absl::Time NewestTime(const storage::BucketState& state) { return state.updated_at; }
  static void Touch(storage::BucketState& state, absl::Time now) { state.updated_at = now; }
  static void AddToAsk(const Take&, storage::BucketAsk&) {}

  Decision<TakeReply> Decide(const Take& command, absl::Time now, storage::BucketState& state,
                             storage::BucketEffects&) const;

  // Always none: a bucket does not record which command took a permit.
  std::optional<TakeReply> Recall(const Take&, absl::Time, const storage::BucketState&) const {
    return std::nullopt;
  }
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_BUCKET_RULES_H_
