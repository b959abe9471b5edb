#ifndef OTPGATE_BASE_CLOCK_H_
#define OTPGATE_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace otpgate {

// The clocks of a process, injected everywhere. The rules of the domain do not use it: they get the
// store's time as an argument. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // Wall clock time, for log lines, ids and tokens. May jump.
  virtual absl::Time Now() const = 0;

  // Time since some fixed moment, for timeouts and for the check before COMMIT. Never goes back.
  virtual absl::Duration Steady() const = 0;
};

// The clocks of the operating system.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
  absl::Duration Steady() const override;
};

}  // namespace otpgate

#endif  // OTPGATE_BASE_CLOCK_H_
