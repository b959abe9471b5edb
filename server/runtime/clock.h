#ifndef OTPGATE_SERVER_RUNTIME_CLOCK_H_
#define OTPGATE_SERVER_RUNTIME_CLOCK_H_

#include "absl/time/time.h"

namespace otpgate {

// The two clocks of a process, injected everywhere. Rules never ask it: their time comes from the
// store and rides in as an argument. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // Wall time, for log lines, ids and tokens; may jump.
  virtual absl::Time Now() const = 0;

  // Time since some fixed moment, never goes back: for timeouts and for the check before COMMIT.
  virtual absl::Duration Steady() const = 0;
};

// The clocks of the operating system.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
  absl::Duration Steady() const override;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_CLOCK_H_
