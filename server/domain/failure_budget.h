#ifndef OTPGATE_SERVER_DOMAIN_FAILURE_BUDGET_H_
#define OTPGATE_SERVER_DOMAIN_FAILURE_BUDGET_H_

#include "absl/time/time.h"
#include "server/domain/otp_policy.h"
#include "storage/types.h"

namespace otpgate {

// Consecutive evaluated wrong guesses of a subject (NIST SP 800-63B-4 3.2.2). No resend, new code
// or restart resets them; a right code does.

// Opens what time or another identity opened again: a disabled subject after a success on another
// identity of its account; without an account, after `idle_forget` of rest.
void ForgiveWhatIsDue(const OtpPolicy& policy, absl::Time now, SubjectState& state);

// Neither waiting nor disabled: guesses are evaluated.
bool GuessesAllowed(const SubjectState& state, absl::Time now);

// Counts one evaluated wrong guess: from the 20th a wait that doubles, at the 100th disabled.
void CountFailure(const OtpPolicy& policy, absl::Time now, SubjectState& state);

// Forgets all failures, after a right code.
void ClearFailures(SubjectState& state);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_FAILURE_BUDGET_H_
