#ifndef OTPGATE_SERVER_DOMAIN_ISSUE_OTP_H_
#define OTPGATE_SERVER_DOMAIN_ISSUE_OTP_H_

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"
#include "storage/types.h"

namespace otpgate::domain {

// Issues a new code. Known, unknown, waiting and disabled subjects get the same answer and the same
// number of rows: one subject, one code, one message (suppressed for a disabled subject) and one
// audit event.
Decision<SubjectReply> DecideRequest(const OtpPolicy& policy, const RequestOtp& command,
                                     absl::Time now, storage::SubjectState& state,
                                     storage::SubjectEffects& effects);

// Replaces the pending code by a new one in the same row. The old code is void; attempts and
// failures are kept. The code expires at most two TTLs after its row was created.
Decision<SubjectReply> DecideResend(const OtpPolicy& policy, const ResendOtp& command,
                                    absl::Time now, storage::SubjectState& state,
                                    storage::SubjectEffects& effects);

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_ISSUE_OTP_H_
