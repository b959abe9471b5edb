#ifndef OTPGATE_SERVER_DOMAIN_ADMIN_RULES_H_
#define OTPGATE_SERVER_DOMAIN_ADMIN_RULES_H_

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"

namespace otpgate::domain {

// What admins can do to a subject. A reply without event: there was nothing to do. Pure.
Decision<SubjectReply> DecideUnlock(const UnlockSubject& command, absl::Time now,
                                    storage::SubjectState& state, storage::SubjectEffects& effects);
Decision<SubjectReply> DecideVoidCodes(const OtpPolicy& policy, const VoidCodes& command,
                                       absl::Time now, storage::SubjectState& state,
                                       storage::SubjectEffects& effects);

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_ADMIN_RULES_H_
