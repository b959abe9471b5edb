#include "tests/simulation/janitor.h"

#include <algorithm>
#include <vector>

namespace otpgate::sim {
namespace {

constexpr absl::Duration kAccessTokenLife = absl::Minutes(15);
constexpr absl::Duration kSkew = absl::Minutes(5);
constexpr absl::Duration kCodesKept = absl::Hours(24);

bool AnyWithin(const std::vector<absl::Time>& times, absl::Duration length, absl::Time now) {
  return std::any_of(times.begin(), times.end(), [&](absl::Time t) { return now < t + length; });
}

}  // namespace

bool Janitor::SessionIsOver(const memory::SessionRow& row, absl::Time now) const {
  if (plan_.bug == Bug::kCleanupTakesLiveSession) return now >= row.born.created_at + kSkew;
  return now >= row.born.absolute_expires_at + kAccessTokenLife + kSkew;
}

bool Janitor::SubjectRests(const SubjectKey& key, const SubjectState& state, absl::Time now) const {
  if (!state.user_id.empty() || is_locked_.subject(key)) return false;
  const absl::Duration day = plan_.otp.daily.length;
  const bool silent =
      !AnyWithin(state.recent_sends, day, now) && !AnyWithin(state.recent_resends, day, now);
  if (plan_.bug == Bug::kCleanupTakesBlockedSubject) return now >= state.updated_at + kSkew;
  const absl::Time since = std::max(state.updated_at, state.disabled_at.value_or(state.updated_at));
  return silent && (state.failures == 0 || now - since >= plan_.otp.idle_forget);
}

int Janitor::Clean() {
  const absl::Time now = database_.clock().Now();
  const absl::Duration requests_kept =
      plan_.bug == Bug::kCleanupTakesYoungRequest ? absl::Seconds(30) : plan_.otp.request_retention;
  size_t gone = 0;
  database_.With([&](memory::Tables& tables) {
    gone += absl::erase_if(tables.sessions, [&](const auto& row) {
      return SessionIsOver(row.second, now) &&
             !is_locked_.session({std::get<0>(row.first), std::get<1>(row.first)});
    });
    gone += absl::erase_if(tables.requests, [&](const auto& row) {
      return now - row.second.created_at >= requests_kept;
    });
    gone += std::erase_if(tables.codes, [&](const auto& row) {
      return now >= row.second.expires_at + kCodesKept &&
             !is_locked_.subject(std::get<0>(row.first));
    });
    gone += absl::erase_if(tables.subjects, [&](const auto& row) {
      return SubjectRests(row.first, row.second.state, now);
    });
  });
  return static_cast<int>(gone);
}

}  // namespace otpgate::sim
