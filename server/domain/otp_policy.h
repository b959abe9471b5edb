#ifndef OTPGATE_SERVER_DOMAIN_OTP_POLICY_H_
#define OTPGATE_SERVER_DOMAIN_OTP_POLICY_H_

#include "absl/time/time.h"
#include "server/domain/session_policy.h"
#include "storage/types.h"

namespace otpgate::domain {

// At most `count` within any `window`. Written "3/15m".
struct Rate {
  int count = 0;
  absl::Duration window;

  friend bool operator==(const Rate&, const Rate&) = default;
};

// Every number that the rules of codes use. The initialisers are the defaults of the product;
// server/config sets the bounds.
struct OtpPolicy {
  // NIST SP 800-63B-4 3.1.3.2: at most 10 minutes.
  absl::Duration login_ttl = absl::Minutes(5);
  absl::Duration verify_phone_ttl = absl::Minutes(5);
  // NIST SP 800-63B-4 4.2.1.2 allows 24 h for codes that confirm an address.
  absl::Duration verify_email_ttl = absl::Minutes(10);
  absl::Duration verification_ttl = absl::Minutes(5);
  // PSD2 RTS art. 4(3)(b): at most five. Also the CHECK on `attempts`.
  int max_attempts = 5;

  // NIST SP 800-63B-4 3.2.2: consecutive failures of a subject, over all its codes.
  int wait_from_failures = 20;
  absl::Duration first_wait = absl::Seconds(30);
  absl::Duration longest_wait = absl::Hours(1);
  int disable_at_failures = 100;
  // A subject without an account forgets its failures after this long without activity.
  absl::Duration idle_forget = absl::Hours(24);

  // Switches the limits below and the one per end user's address; limits on guesses always apply.
  bool limits_enabled = true;
  // Codes per subject.
  Rate sends = {3, absl::Minutes(15)};
  // An additional limit for phone numbers.
  Rate phone_sends = {3, absl::Minutes(30)};
  Rate resends = {3, absl::Minutes(5)};
  int resends_per_code = 3;
  absl::Duration resend_cooldown = absl::Seconds(30);
  // Sends and resends together.
  Rate daily = {10, absl::Hours(24)};

  SessionPolicy session;

  // How long a request_id is remembered; not shorter than the life of a code.
  absl::Duration request_retention = absl::Hours(24);

  absl::Duration TtlOf(storage::Purpose purpose) const {
    switch (purpose) {
      case storage::Purpose::kLogin:
        return login_ttl;
      case storage::Purpose::kVerifyPhone:
        return verify_phone_ttl;
      case storage::Purpose::kVerifyEmail:
        return verify_email_ttl;
      case storage::Purpose::kVerification:
        return verification_ttl;
    }
    return login_ttl;
  }
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_OTP_POLICY_H_
