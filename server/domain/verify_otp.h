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

namespace otpgate::domain {

// Whether `guess` is the code behind this row's MAC; none when this server does not have the key of
// the MAC. Constant time in the guess; pure.
using CodeMatches = std::function<std::optional<bool>(
    const storage::SubjectKey& subject, const storage::Code& code, absl::string_view guess)>;

// Consumes a right code and, by its purpose, signs in, adds the identity to the account or touches
// no account at all; counts a wrong guess. A code that is expired, unknown, consumed, out of attempts, blocked or made with a
// missing key is neither evaluated nor counted, and gets the same answer whatever the cause.
Decision<SubjectReply> DecideVerify(const OtpPolicy& policy, const CodeMatches& matches,
                                    const VerifyOtp& command, absl::Time now,
                                    storage::SubjectState& state, storage::SubjectEffects& effects);

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_VERIFY_OTP_H_
