#ifndef OTPGATE_SERVER_CLEANUP_SETUP_H_
#define OTPGATE_SERVER_CLEANUP_SETUP_H_

#include <memory>

#include "server/backend.h"
#include "server/config/config.h"
#include "server/jobs/cleanup_job.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"

namespace otpgate {

// This server's part in the cleanup of the fleet, not yet started. Null: the configuration says
// that it has none. All arguments outlive it.
std::unique_ptr<CleanupJob> MakeCleanup(const CleanupConfig& config, Backend& backend,
                                        Random& random, const Clock& clock, Log& log);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_CLEANUP_SETUP_H_
