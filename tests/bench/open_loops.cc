#include "tests/bench/open_loops.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/status_macros.h"
#include "tests/bench/session_operations.h"

namespace otpgate::bench {
namespace {

constexpr char kRefreshToken[] = "RefreshToken";
constexpr Effect kSignedIn = {.subjects = 1, .messages = 1, .sessions = 1};
constexpr Effect kRefreshed = {.rotations = 1};

// Rounds to a whole number per second, so that rounds with equal rates share one median.
LoadLimits At(LoadLimits limits, double share, double most) {
  limits.per_second = std::max(1.0, std::round(share * most));
  return limits;
}

}  // namespace

absl::Status MeasureOpenLoops(Meter& meter, People& people, RedisDesign* design,
                              const OpenLoops& loops, const std::vector<Measurement>& closed) {
  const int64_t rows = meter.variant(loops.server).rows;
  const double logins = MostPerSecond(closed, kLogin, rows);
  const double refreshes = MostPerSecond(closed, kRefreshToken, rows);
  const double redis_logins = MostPerSecond(closed, kRedisDesignLogin, std::nullopt);
  for (const double share : loops.shares) {
    if (logins == 0) continue;
    SignIn sign_in(people);
    OTPGATE_RETURN_IF_ERROR(
        meter.Measure(kLogin, loops.server, sign_in, At(loops.limits, share, logins), kSignedIn));
    if (design != nullptr && redis_logins > 0) {
      OTPGATE_RETURN_IF_ERROR(
          meter.MeasureRedisDesign(*design, At(loops.limits, share, redis_logins)));
    }
    if (refreshes == 0) continue;
    const std::vector<Tokens> sessions = sign_in.TakeTokens();
    Refresh refresh(sessions);
    LoadLimits limits = At(loops.limits, share, refreshes);
    limits.concurrency = std::min(limits.concurrency, static_cast<int>(sessions.size()));
    OTPGATE_RETURN_IF_ERROR(
        meter.Measure(kRefreshToken, loops.server, refresh, limits, kRefreshed));
  }
  return absl::OkStatus();
}

double MostPerSecond(const std::vector<Measurement>& closed, const std::string& operation,
                     std::optional<int64_t> rows_at_start) {
  double most = 0;
  for (const Measurement& one : closed) {
    if (one.operation == operation && one.rows_at_start == rows_at_start && one.batching != false &&
        !one.offered_per_second) {
      most = std::max(most, one.ops_per_second);
    }
  }
  return most;
}

}  // namespace otpgate::bench
