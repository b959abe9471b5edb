#include "server/cleanup_setup.h"

#include "server/jobs/holder.h"
#include "server/jobs/retention.h"

namespace otpgate {

std::unique_ptr<CleanupJob> MakeCleanup(const CleanupConfig& config, Backend& backend,
                                        Random& random, const Clock& clock, Log& log) {
  if (!config.enabled) return nullptr;
  return std::make_unique<CleanupJob>(
      CleanupJob::Parts{.cleaner = backend.MakeCleaner(),
                        .leases = backend.MakeJobLeases(),
                        .holder = HolderName(random),
                        .clock = &clock,
                        .log = &log},
      CleanupJob::Options{.retention = RetentionFrom(config),
                          .pace = {.share = config.share},
                          .lease = {.interval = config.interval, .lease = config.lease}});
}

}  // namespace otpgate
