#ifndef OTPGATE_SERVER_DOMAIN_SEND_LIMITS_H_
#define OTPGATE_SERVER_DOMAIN_SEND_LIMITS_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/otp_policy.h"
#include "server/errors/reason.h"
#include "storage/types.h"

// Limits on sends: exact sliding windows over the stored send times of one subject. A refused send
// is not recorded, so traffic can neither extend nor reset a window. Pure.
namespace otpgate::domain {

// A send that may not happen now.
struct SendDenial {
  errors::Reason reason = errors::Reason::kSendLimit;
  absl::string_view quota;     // from quotas.h
  Rate rate;                   // its size; a window of zero: not of fixed length
  absl::Duration retry_after;  // until the same call succeeds if nothing else is sent
};

std::optional<SendDenial> CheckRequest(const OtpPolicy& policy, const storage::SubjectKey& subject,
                                       const storage::SubjectState& state, absl::Time now);

// Also checks the cool-down since the last message and the number of resends of this code.
std::optional<SendDenial> CheckResend(const OtpPolicy& policy, const storage::SubjectState& state,
                                      const storage::Code& code, absl::Time now);

// Records a send, and drops those that are older than the longest window.
void NoteRequest(const OtpPolicy& policy, absl::Time now, storage::SubjectState& state);
void NoteResend(const OtpPolicy& policy, absl::Time now, storage::SubjectState& state);

// The earliest time of a resend, by the cool-down alone.
absl::Time ResendAllowedAt(const OtpPolicy& policy, const storage::SubjectState& state);

bool IsPhone(const storage::SubjectKey& subject);

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_SEND_LIMITS_H_
