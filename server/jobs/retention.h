#ifndef OTPGATE_SERVER_JOBS_RETENTION_H_
#define OTPGATE_SERVER_JOBS_RETENTION_H_

#include "server/config/config.h"
#include "storage/cleanup.h"

namespace otpgate {

// What the configuration says of how long rows stay; what it does not say follows from the rules.
// `max_clock_offset`: so far the store's clock is off at most.
inline Retention RetentionFrom(const CleanupConfig& config, absl::Duration max_clock_offset) {
  Retention retention = WithClockOff(Retention(), max_clock_offset);
  retention.codes = config.codes;
  retention.messages = config.messages;
  retention.sessions = config.sessions;
  retention.audit = config.audit;
  return retention;
}

}  // namespace otpgate

#endif  // OTPGATE_SERVER_JOBS_RETENTION_H_
