#include "server/cleanup_setup.h"

#include "server/jobs/holder.h"
#include "server/jobs/retention.h"

namespace otpgate {

std::unique_ptr<CleanupJob> MakeCleanup(const Config& all, Backend& backend, Random& random,
                                        const Clock& clock, Log& log,
                                        const std::atomic<bool>& is_serving) {
  const CleanupConfig& config = all.cleanup;
  if (!config.enabled) return nullptr;
  return std::make_unique<CleanupJob>(
      CleanupJob::Parts{.cleaner = backend.MakeCleaner(),
                        .leases = backend.MakeJobLeases(),
                        .holder = HolderName(random),
                        .clock = &clock,
                        .log = &log,
                        .may_run = [&is_serving] { return is_serving.load(); }},
      CleanupJob::Options{
          .retention = RetentionFrom(config, all.database.max_clock_offset),
          .pace = {.share = config.share, .max_clock_offset = all.database.max_clock_offset},
          .lease = {.interval = config.interval, .lease = config.lease}});
}

}  // namespace otpgate
