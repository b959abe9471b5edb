#ifndef OTPGATE_SERVER_DOMAIN_CODES_H_
#define OTPGATE_SERVER_DOMAIN_CODES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"
#include "storage/types.h"

namespace otpgate {

// The codes inside a subject's state and the rows that go with them.

// The table a new code of `purpose` belongs to.
CodeTable TableFor(const SubjectState& state, Purpose purpose);

// The code with this purpose and id, or null. An empty id finds the pending code of the purpose.
Code* FindCode(SubjectState& state, Purpose purpose, const OtpId& id);

// Pending: neither consumed, nor expired, nor out of attempts.
bool IsPending(const OtpPolicy& policy, const Code& code, absl::Time now);

// Puts `code` into its place; a pending code of its purpose in the other table is voided.
Code& PutCode(SubjectState& state, Code code, absl::Time now);

// Ends every other pending code of this purpose.
void VoidSiblings(SubjectState& state, const Code& code, absl::Time now);

// The message that carries `drawn`; suppressed while the subject is disabled.
Message MakeMessage(const SubjectKey& subject, const SubjectState& state, const Code& code,
                    const DrawnCode& drawn, absl::Time now);

// "SIGNUP_OTP_CREATED", "LOGIN_OTP_VERIFIED", "VERIFY_EMAIL_OTP_VERIFICATION_FAILED", ...
std::string EventName(CodeTable table, Purpose purpose, absl::string_view what);

AuditEvent MakeAudit(const Origin& origin, std::string event, std::string detail,
                     const OtpId& otp_id, absl::Time now);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_CODES_H_
