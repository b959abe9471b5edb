#ifndef OTPGATE_SERVER_DOMAIN_REQUESTS_H_
#define OTPGATE_SERVER_DOMAIN_REQUESTS_H_

#include <optional>

#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"
#include "storage/types.h"

namespace otpgate {

// The outcome recorded under this request_id, to be given again without evaluating anything;
// nothing when the id is new or older than its retention. Another payload: kRequestIdReused. A
// login whose session has moved on, or whose code has died: kRequestSuperseded, because a spent
// code and an id must not become a token dispenser.
std::optional<SubjectReply> RecallRequest(const OtpPolicy& policy, const Origin& origin,
                                          const SubjectState& state, absl::Time now);

// Records an outcome that changed something, in the effects and for commands later in the batch.
void RecordRequest(const Origin& origin, const SubjectReply& reply, SubjectState& state,
                   SubjectEffects& effects);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_REQUESTS_H_
