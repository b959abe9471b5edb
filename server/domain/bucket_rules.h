#ifndef OTPGATE_SERVER_DOMAIN_BUCKET_RULES_H_
#define OTPGATE_SERVER_DOMAIN_BUCKET_RULES_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "storage/types.h"

namespace otpgate {

// The generic cell rate algorithm (ITU-T I.371, virtual scheduling): `burst` at once, then one
// every `interval`. Refused takes leave no trace, so traffic cannot extend a window.
struct BucketLimit {
  absl::Duration interval = absl::Seconds(6);
  int burst = 20;
};

// One permit of one bucket.
struct Take {
  std::string bucket;
  BucketLimit limit;
};

struct TakeReply {
  bool admitted = false;
  absl::Duration retry_after;  // when refused: after which a permit is there

  friend bool operator==(const TakeReply&, const TakeReply&) = default;
};

// The rule of shared limits, as the engine calls it. Stateless and thread-safe.
class BucketRules {
 public:
  using Aggregate = Bucket;
  using Command = Take;
  using Reply = TakeReply;

  static const std::string& KeyOf(const Take& command) { return command.bucket; }
  static absl::Time NewestTime(const BucketState& state) { return state.updated_at; }
  static void Touch(BucketState& state, absl::Time now) { state.updated_at = now; }
  static void AddToAsk(const Take&, BucketAsk&) {}

  Decision<TakeReply> Decide(const Take& command, absl::Time now, BucketState& state,
                             BucketEffects&) const;

  // A permit leaves nothing that tells whose it was.
  std::optional<TakeReply> Recall(const Take&, absl::Time, const BucketState&) const {
    return std::nullopt;
  }
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_BUCKET_RULES_H_
