#ifndef OTPGATE_SERVER_DOMAIN_VERIFY_OTP_H_
#define OTPGATE_SERVER_DOMAIN_VERIFY_OTP_H_

#include <functional>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"
#include "storage/types.h"

namespace otpgate {

// Whether `guess` is the code behind this row's MAC; nothing when the key of the MAC is not here,
// so that nobody can tell. Constant time in the guess; pure.
using CodeMatches = std::function<std::optional<bool>(const SubjectKey& subject, const Code& code,
                                                      absl::string_view guess)>;

// Consumes a right code and opens what its purpose opens; counts a wrong one. Expired, unknown,
// consumed, exhausted, blocked and made with a key that is gone are one answer, not evaluated and
// not counted.
Decision<SubjectReply> DecideVerify(const OtpPolicy& policy, const CodeMatches& matches,
                                    const VerifyOtp& command, absl::Time now, SubjectState& state,
                                    SubjectEffects& effects);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_VERIFY_OTP_H_
