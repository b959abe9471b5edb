#ifndef OTPGATE_SERVER_DOMAIN_CODES_H_
#define OTPGATE_SERVER_DOMAIN_CODES_H_

#include "absl/time/time.h"
#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"
#include "storage/types.h"

// Functions on the codes in a subject's state, and on their messages. Pure.
namespace otpgate::domain {

// Whether a code of `purpose` adds its identifier to the account whose bearer token comes with the
// calls, and is only good for that account.
bool IsForBearer(storage::Purpose purpose);

// The table a new code of `purpose` belongs to.
storage::CodeTable TableFor(const storage::SubjectState& state, storage::Purpose purpose);

// Finds the code with this purpose and id, or null. An empty id means the newest of the purpose.
storage::Code* FindCode(storage::SubjectState& state, storage::Purpose purpose, const OtpId& id);

// Pending: neither consumed, nor expired, nor out of attempts.
bool IsPending(const OtpPolicy& policy, const storage::Code& code, absl::Time now);

// Replaces the code of the same table and purpose by `code`, and expires the others.
storage::Code& PutCode(storage::SubjectState& state, storage::Code code, absl::Time now);

// Expires the other codes of this purpose, in both tables, that were not consumed.
void ExpireOtherCodes(storage::SubjectState& state, const storage::Code& code, absl::Time now);

// Makes the message that carries a code; suppressed while the subject is disabled.
storage::Message MakeMessage(const storage::SubjectKey& subject, const storage::SubjectState& state,
                             const storage::Code& code, const PreparedCode& prepared,
                             absl::Time now);

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_CODES_H_
