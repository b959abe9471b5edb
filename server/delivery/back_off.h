#ifndef OTPGATE_SERVER_DELIVERY_BACK_OFF_H_
#define OTPGATE_SERVER_DELIVERY_BACK_OFF_H_

#include "absl/time/time.h"
#include "base/random.h"

namespace otpgate::delivery {

// Exponential back-off with jitter: a random time between 1/2 and 1 of min(first * 2^tries,
// longest), so that what failed together is not tried again together.
struct BackOff {
  absl::Duration first = absl::Seconds(1);
  absl::Duration longest = absl::Seconds(45);

  absl::Duration After(int tries, Random& random) const;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_BACK_OFF_H_
