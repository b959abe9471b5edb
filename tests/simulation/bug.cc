#include "tests/simulation/bug.h"

#include <array>
#include <cstddef>

namespace otpgate::simulation {
namespace {

constexpr std::array kBugNames = {
    "none",
    "attempts_not_counted",
    "failures_not_counted",
    "failures_counted_twice",
    "wait_ignored",
    "resend_resets_attempts",
    "resend_resets_failures",
    "request_resets_failures",
    "resend_extends_expiry",
    "old_code_still_good",
    "handle_ignored",
    "binding_ignored",
    "void_ignored",
    "expiry_ignored",
    "code_not_consumed",
    "session_lost",
    "disabled_may_sign_in",
    "second_account",
    "send_window_off_by_one",
    "sends_forgotten_after_resend",
    "daily_total_ignored",
    "cooldown_ignored",
    "bucket_off_by_one",
    "record_not_written",
    "retry_evaluated_twice",
    "payload_not_compared",
    "record_forgotten_early",
    "proof_repeated_forever",
    "proof_dated_anew",
    "verification_opens_session",
    "grace_unbounded",
    "grace_missing",
    "reuse_not_detected",
    "family_not_revoked",
    "old_token_rotates",
    "rotated_by_not_kept",
    "logout_ignored",
    "token_version_ignored",
    "token_version_not_raised",
    "disable_ignored",
    "not_before_ignored",
    "idle_end_ignored",
    "absolute_end_ignored",
    "answer_before_commit",
    "uncertain_write_answered_as_failure",
    "uncertain_write_answered_as_success",
    "loser_answered_as_winner",
    "command_folded_twice",
    "guard_dropped",
    "bucket_guard_dropped",
    "expiry_not_checked_before_commit",
    "change_torn",
    "cleanup_takes_live_session",
    "cleanup_takes_young_subject",
    "cleanup_takes_young_request",
    "cleanup_takes_used_bucket",
    "cleanup_takes_one_too_many",
    "cleanup_takes_account",
};
static_assert(kBugNames.size() == static_cast<size_t>(Bug::kLast) + 1);

}  // namespace

absl::string_view NameOf(Bug bug) { return kBugNames[static_cast<size_t>(bug)]; }

std::optional<Bug> BugFrom(absl::string_view name) {
  for (size_t i = 0; i < kBugNames.size(); ++i) {
    if (name == kBugNames[i]) return static_cast<Bug>(i);
  }
  return std::nullopt;
}

}  // namespace otpgate::simulation
