#ifndef OTPGATE_SERVER_JOBS_CLEANUP_OPTIONS_H_
#define OTPGATE_SERVER_JOBS_CLEANUP_OPTIONS_H_

#include "absl/time/time.h"
#include "storage/cleanup.h"
#include "storage/job_leases.h"

namespace otpgate::jobs {

// Timing of a job that one server of the fleet runs at a time.
struct LeasedJobOptions {
  static constexpr absl::Duration kLeaseMax = storage::kJobLeaseMax;
  absl::Duration interval = absl::Minutes(1);  // from the start of a run to the start of the next
  absl::Duration lease = absl::Seconds(30);    // after which another server replaces a dead one
};

// How much of the store's time a cleanup round takes.
struct CleanupPace {
  // Most rows that one statement removes, so that it locks no row for long.
  int batch = 1000;
  // Percent of the time in which statements run; the round pauses in between.
  int share = 20;
  // Rows are judged as of the store's clock, but no later than this server's clock plus this, so
  // that a store clock that jumps ahead removes nothing too early.
  absl::Duration max_clock_offset = absl::InfiniteDuration();
};

// Everything a cleanup job can be told.
struct CleanupOptions {
  storage::Retention retention;
  CleanupPace pace;
  LeasedJobOptions lease;
};

// Returns the options for a store whose clock may be off by `most` either way.
inline CleanupOptions WithClockOff(CleanupOptions options, absl::Duration most) {
  options.retention = WithClockOff(options.retention, most);
  options.pace.max_clock_offset = most;
  return options;
}

}  // namespace otpgate::jobs

#endif  // OTPGATE_SERVER_JOBS_CLEANUP_OPTIONS_H_
