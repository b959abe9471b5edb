#ifndef OTPGATE_SERVER_DOMAIN_SEND_LIMITS_H_
#define OTPGATE_SERVER_DOMAIN_SEND_LIMITS_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "server/domain/otp_policy.h"
#include "server/errors/reason.h"
#include "storage/types.h"

namespace otpgate {

// Exact sliding windows over the stored send times of one subject: no window can be extended or
// reset by traffic, because a refused send leaves no trace.

// A send that may not happen now.
struct SendDenial {
  Reason reason = Reason::kSendLimit;
  std::string quota;           // name of the window
  absl::Duration retry_after;  // after which the same call succeeds if nothing else is sent
};

std::optional<SendDenial> CheckRequest(const OtpPolicy& policy, const SubjectKey& subject,
                                       const SubjectState& state, absl::Time now);

// Also the cool-down since the last message and the resends of this code.
std::optional<SendDenial> CheckResend(const OtpPolicy& policy, const SubjectKey& subject,
                                      const SubjectState& state, const Code& code, absl::Time now);

// Note a send that happens, and forget those older than the longest window.
void NoteRequest(const OtpPolicy& policy, absl::Time now, SubjectState& state);
void NoteResend(const OtpPolicy& policy, absl::Time now, SubjectState& state);

// When a resend can happen at the earliest, by the cool-down alone.
absl::Time ResendAllowedAt(const OtpPolicy& policy, const SubjectState& state);

bool IsPhone(const SubjectKey& subject);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_SEND_LIMITS_H_
