#ifndef OTPGATE_SERVER_DELIVERY_PACE_H_
#define OTPGATE_SERVER_DELIVERY_PACE_H_

#include "absl/time/time.h"
#include "base/random.h"
#include "server/delivery/back_off.h"

namespace otpgate::delivery {

// When the dispatcher may ask the outbox; times are of Clock::Steady(). Not thread-safe.
class Pace {
 public:
  struct Options {
    // Between two claims: the longest that a message waits whose holder died or whose retry is due.
    absl::Duration poll = absl::Seconds(1);
    // After each turn, so that a busy dispatcher makes fewer and larger turns. A message that comes
    // after the pause does not wait.
    absl::Duration pause = absl::Milliseconds(10);
    // Between attempts while the outbox is unavailable.
    BackOff retry{.first = absl::Milliseconds(100), .longest = absl::Seconds(5)};
  };

  explicit Pace(Options options) : options_(options) {}

  // The outbox is not asked before this.
  absl::Duration ready_at() const { return ready_at_; }
  // From then on it is asked for messages that nobody holds.
  absl::Duration claim_at() const { return claim_at_; }
  bool failing() const { return failures_ > 0; }

  void Failed(absl::Duration now, Random& random) {
    ready_at_ = now + options_.retry.After(failures_++, random);
  }
  void Succeeded(absl::Duration now) {
    failures_ = 0;
    ready_at_ = now + options_.pause;
  }
  // `more`: the outbox gave as many as were asked for, so there may be more.
  void Claimed(absl::Duration now, bool more) { claim_at_ = more ? now : now + options_.poll; }

 private:
  const Options options_;
  int failures_ = 0;
  absl::Duration ready_at_;
  absl::Duration claim_at_;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_PACE_H_
