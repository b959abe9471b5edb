#ifndef OTPGATE_SERVER_DOMAIN_FAILURE_BUDGET_H_
#define OTPGATE_SERVER_DOMAIN_FAILURE_BUDGET_H_

#include "absl/time/time.h"
#include "server/domain/otp_policy.h"
#include "storage/types.h"

// The failures of a subject: consecutive wrong guesses that were evaluated (NIST SP 800-63B-4
// 3.2.2). A right code resets them; a resend, a new code or a restart does not. Pure.
namespace otpgate::domain {

// Clears the failures of a disabled subject after a success on another identity of its account, and
// those of a subject without an account after `idle_forget` without activity.
void ResetFailuresIfDue(const OtpPolicy& policy, absl::Time now, storage::SubjectState& state);

// Whether guesses are evaluated: the subject neither waits nor is disabled.
bool GuessesAllowed(const storage::SubjectState& state, absl::Time now);

// Counts one evaluated wrong guess. By default, from the 20th on each one is followed by a wait,
// which doubles, and the 100th disables the subject.
void CountFailure(const OtpPolicy& policy, absl::Time now, storage::SubjectState& state);

// Resets the failures, after a right code or for an admin.
void ClearFailures(storage::SubjectState& state);

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_FAILURE_BUDGET_H_
