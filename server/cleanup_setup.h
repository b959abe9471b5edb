#ifndef OTPGATE_SERVER_CLEANUP_SETUP_H_
#define OTPGATE_SERVER_CLEANUP_SETUP_H_

#include <atomic>
#include <memory>

#include "server/backend.h"
#include "server/config/config.h"
#include "server/jobs/cleanup_job.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"

namespace otpgate {

// This server's part in the cleanup of the fleet, not yet started. Null: the configuration says
// that it has none. `is_serving`: whether the last look at the database found all well, the clocks
// too. All arguments outlive it, but for the configuration.
std::unique_ptr<CleanupJob> MakeCleanup(const Config& config, Backend& backend, Random& random,
                                        const Clock& clock, Log& log,
                                        const std::atomic<bool>& is_serving);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_CLEANUP_SETUP_H_
