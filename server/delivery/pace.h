#ifndef OTPGATE_SERVER_DELIVERY_PACE_H_
#define OTPGATE_SERVER_DELIVERY_PACE_H_

#include "absl/time/time.h"
#include "server/delivery/back_off.h"
#include "server/runtime/random.h"

namespace otpgate::delivery {

// When the dispatcher may do what; times are of Clock::Steady(). Pure but for the jitter.
class Pace {
 public:
  struct Options {
    // How soon a message is noticed whose holder died, or whose next try has come.
    absl::Duration poll = absl::Seconds(1);
    // After each turn, so that a busy dispatcher pays for fewer, larger ones; the first message
    // after a rest waits for nothing.
    absl::Duration rest = absl::Milliseconds(10);
    // Between attempts while the outbox is away.
    BackOff away{.first = absl::Milliseconds(100), .longest = absl::Seconds(5)};
  };

  explicit Pace(Options options) : options_(options) {}

  // The outbox is not asked before this.
  absl::Duration ready_at() const { return ready_at_; }
  // From then on it is asked for what nobody holds.
  absl::Duration claim_at() const { return claim_at_; }
  bool away() const { return failures_ > 0; }

  void Failed(absl::Duration now, Random& random) {
    ready_at_ = now + options_.away.After(failures_++, random);
  }
  void Succeeded(absl::Duration now) {
    failures_ = 0;
    ready_at_ = now + options_.rest;
  }
  // `more`: as much as was asked for came, so there may be more.
  void Claimed(absl::Duration now, bool more) { claim_at_ = more ? now : now + options_.poll; }

 private:
  const Options options_;
  int failures_ = 0;
  absl::Duration ready_at_;
  absl::Duration claim_at_;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_PACE_H_
