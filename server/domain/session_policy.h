#ifndef OTPGATE_SERVER_DOMAIN_SESSION_POLICY_H_
#define OTPGATE_SERVER_DOMAIN_SESSION_POLICY_H_

#include "absl/time/time.h"

namespace otpgate::domain {

// How long a session lives.
struct SessionPolicy {
  // From the sign-in, however often the session is used.
  absl::Duration absolute = absl::Hours(24 * 30);
  // From the last use.
  absl::Duration idle = absl::Hours(24 * 14);
  // How long the previous refresh token still gets the current one, for callers that lost the
  // answer (FAPI 2.0 Security Profile 5.3.2.1).
  absl::Duration grace = absl::Seconds(10);
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_SESSION_POLICY_H_
