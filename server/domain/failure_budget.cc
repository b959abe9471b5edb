#include "server/domain/failure_budget.h"

#include <algorithm>

namespace otpgate::domain {
namespace {

absl::Duration WaitAfter(const OtpPolicy& policy, int failures) {
  absl::Duration wait = policy.first_wait;
  for (int i = policy.wait_from_failures; i < failures && wait < policy.longest_wait; ++i)
    wait *= 2;
  return std::min(wait, policy.longest_wait);
}

bool ReopenedElsewhere(const storage::SubjectState& state) {
  return state.disabled_at && state.other_success_at &&
         *state.other_success_at > *state.disabled_at;
}

// A request counts as activity, except on a disabled subject: else requests alone could keep it
// disabled.
bool IsIdle(const OtpPolicy& policy, absl::Time now, const storage::SubjectState& state) {
  if (!state.user_id.empty()) return false;
  const absl::Time since = state.disabled_at ? *state.disabled_at : state.updated_at;
  return now - since >= policy.idle_forget;
}

}  // namespace

void ResetFailuresIfDue(const OtpPolicy& policy, absl::Time now, storage::SubjectState& state) {
  if (state.failures > 0 && (ReopenedElsewhere(state) || IsIdle(policy, now, state))) {
    ClearFailures(state);
  }
}

bool GuessesAllowed(const storage::SubjectState& state, absl::Time now) {
  return !state.disabled_at && (!state.blocked_until || now >= *state.blocked_until);
}

void CountFailure(const OtpPolicy& policy, absl::Time now, storage::SubjectState& state) {
  state.failures = std::min(state.failures + 1, policy.disable_at_failures);
  if (state.failures >= policy.wait_from_failures) {
    state.blocked_until = now + WaitAfter(policy, state.failures);
  }
  if (state.failures >= policy.disable_at_failures) state.disabled_at = now;
}

void ClearFailures(storage::SubjectState& state) {
  state.failures = 0;
  state.blocked_until.reset();
  state.disabled_at.reset();
}

}  // namespace otpgate::domain
