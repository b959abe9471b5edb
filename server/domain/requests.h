#ifndef OTPGATE_SERVER_DOMAIN_REQUESTS_H_
#define OTPGATE_SERVER_DOMAIN_REQUESTS_H_

#include <optional>

#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"
#include "storage/types.h"

namespace otpgate::domain {

// Returns the outcome recorded under this request_id, so that a retry evaluates nothing; none when
// the id is new or older than its retention. The reason of the reply is
//   kRequestIdReused    the record belongs to another payload
//   kRequestSuperseded  a login whose session was refreshed or ended, or whose code has expired: a
//                       consumed code and its request_id cannot fetch tokens again and again
std::optional<SubjectReply> RecallRequest(const OtpPolicy& policy, const Origin& origin,
                                          const storage::SubjectState& state, absl::Time now);
// The same for a guess: nor can they fetch proofs after the code has expired.
std::optional<SubjectReply> RecallVerify(const OtpPolicy& policy, const VerifyOtp& command,
                                         const storage::SubjectState& state, absl::Time now);

// Records an outcome that changed something, in the effects and in the state, where later commands
// of the batch find it.
void RecordRequest(const Origin& origin, const SubjectReply& reply, storage::SubjectState& state,
                   storage::SubjectEffects& effects);

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_REQUESTS_H_
