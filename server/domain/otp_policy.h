#ifndef OTPGATE_SERVER_DOMAIN_OTP_POLICY_H_
#define OTPGATE_SERVER_DOMAIN_OTP_POLICY_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "storage/types.h"

namespace otpgate {

// At most `count` messages within any `length` of time.
struct SendWindow {
  std::string name;  // quota name in the answer: "sends_15m"
  int count = 0;
  absl::Duration length;
  bool phones_only = false;
};

// Every number the rules of codes use. Defaults are the product's defaults; server/config bounds
// them.
struct OtpPolicy {
  // NIST SP 800-63B-4 3.1.3.2: at most 10 minutes.
  absl::Duration login_ttl = absl::Minutes(5);
  absl::Duration verify_phone_ttl = absl::Minutes(5);
  // 4.2.1.2 allows 24 h for codes that confirm an address.
  absl::Duration verify_email_ttl = absl::Minutes(10);
  // PSD2 RTS art. 4(3)(b): at most five. Also the CHECK on `attempts`.
  int max_attempts = 5;

  // NIST SP 800-63B-4 3.2.2: consecutive failures of a subject, over all its codes.
  int wait_from_failures = 20;
  absl::Duration first_wait = absl::Seconds(30);
  absl::Duration longest_wait = absl::Hours(1);
  int disable_at_failures = 100;
  // A subject without an account forgets its failures after this long without activity.
  absl::Duration idle_forget = absl::Hours(24);

  bool limits_enabled = true;
  std::vector<SendWindow> send_windows = {
      {"sends_15m", 3, absl::Minutes(15), false},
      {"phone_sends_30m", 3, absl::Minutes(30), true},
  };
  std::vector<SendWindow> resend_windows = {{"resends_5m", 3, absl::Minutes(5), false}};
  int resends_per_code = 3;
  absl::Duration resend_cooldown = absl::Seconds(30);
  // Sends and resends together.
  SendWindow daily = {"messages_24h", 10, absl::Hours(24), false};

  absl::Duration session_idle = absl::Hours(24 * 14);
  absl::Duration session_absolute = absl::Hours(24 * 30);

  // How long a request_id is remembered; never shorter than a code lives.
  absl::Duration request_retention = absl::Hours(24);

  absl::Duration TtlOf(Purpose purpose) const {
    switch (purpose) {
      case Purpose::kLogin:
        return login_ttl;
      case Purpose::kVerifyPhone:
        return verify_phone_ttl;
      case Purpose::kVerifyEmail:
        return verify_email_ttl;
    }
    return login_ttl;
  }
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_OTP_POLICY_H_
