#ifndef OTPGATE_SERVER_DOMAIN_ISSUE_OTP_H_
#define OTPGATE_SERVER_DOMAIN_ISSUE_OTP_H_

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"
#include "storage/types.h"

namespace otpgate {

// A new code. Known, unknown, waiting and disabled subjects get the same answer and cause the same
// number of rows: one subject, one code, one message (suppressed for disabled ones), one audit
// event.
Decision<SubjectReply> DecideRequest(const OtpPolicy& policy, const RequestOtp& command,
                                     absl::Time now, SubjectState& state, SubjectEffects& effects);

// A new code in the row of the pending one: the old code is dead, attempts and failures are kept,
// the expiry never moves past the first one plus one TTL.
Decision<SubjectReply> DecideResend(const OtpPolicy& policy, const ResendOtp& command,
                                    absl::Time now, SubjectState& state, SubjectEffects& effects);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_ISSUE_OTP_H_
