#include "server/config/keys.h"

namespace otpgate::config {

std::vector<Key> OtpKeys() {
  constexpr absl::Duration kShortestLife = absl::Seconds(30);
  return {
      {"otp.digits",
       IntField{kAt<&Config::validation, &validation::ValidationLimits::code_digits>, 6, 10,
                "digits"},
       "Length of a code."},
      {"otp.ttl",
       DurationField{kAt<&Config::otp, &domain::OtpPolicy::login_ttl>, kShortestLife,
                     absl::Minutes(10)},
       "Life of a login code. NIST SP 800-63B-4 3.1.3.2 allows no more than 10 minutes."},
      {"otp.verify_phone_ttl",
       DurationField{kAt<&Config::otp, &domain::OtpPolicy::verify_phone_ttl>, kShortestLife,
                     absl::Minutes(10)},
       "Life of a code that confirms a phone number."},
      {"otp.verify_email_ttl",
       DurationField{kAt<&Config::otp, &domain::OtpPolicy::verify_email_ttl>, kShortestLife,
                     absl::Hours(12)},
       "Life of a code that confirms an e-mail address. Resends at most double it, and no code "
       "lives longer than a day."},
      {"otp.verification_ttl",
       DurationField{kAt<&Config::otp, &domain::OtpPolicy::verification_ttl>, kShortestLife,
                     absl::Minutes(10)},
       "Life of a code that proves to a calling service that somebody holds an identifier."},
      {"otp.max_attempts",
       IntField{kAt<&Config::otp, &domain::OtpPolicy::max_attempts>, 1, 5, "attempts"},
       "Wrong guesses after which a code is dead."},
      {"otp.wait_from_failures",
       IntField{kAt<&Config::otp, &domain::OtpPolicy::wait_from_failures>, 1, 100, "failures"},
       "Consecutive wrong guesses on an identifier, over all its codes, from which each one is "
       "followed by a wait."},
      {"otp.first_wait",
       DurationField{kAt<&Config::otp, &domain::OtpPolicy::first_wait>, absl::Seconds(1),
                     absl::Hours(1)},
       "The first such wait; it doubles with every further failure."},
      {"otp.longest_wait",
       DurationField{kAt<&Config::otp, &domain::OtpPolicy::longest_wait>, absl::Seconds(1),
                     absl::Hours(24)},
       "The longest such wait."},
      {"otp.disable_at_failures",
       IntField{kAt<&Config::otp, &domain::OtpPolicy::disable_at_failures>, 1, 100, "failures"},
       "Consecutive wrong guesses that disable the identifier. NIST SP 800-63B-4 3.2.2 allows no "
       "more than 100."},
  };
}

std::vector<Key> LimitKeys() {
  constexpr int kMost = 30;
  return {
      {"limits.sends", RateField{kAt<&Config::otp, &domain::OtpPolicy::sends>, kMost, kDay},
       "Codes per identifier in any such window."},
      {"limits.phone_sends",
       RateField{kAt<&Config::otp, &domain::OtpPolicy::phone_sends>, kMost, kDay},
       "The same for phone numbers, on top."},
      {"limits.resends", RateField{kAt<&Config::otp, &domain::OtpPolicy::resends>, kMost, kDay},
       "Resends per identifier in any such window."},
      {"limits.resends_per_code",
       IntField{kAt<&Config::otp, &domain::OtpPolicy::resends_per_code>, 0, kMost, "resends"},
       "Resends of one code."},
      {"limits.resend_cooldown",
       DurationField{kAt<&Config::otp, &domain::OtpPolicy::resend_cooldown>, absl::ZeroDuration(),
                     absl::Hours(1)},
       "Time between a message and a resend."},
      {"limits.messages_per_day",
       IntField{kAt<&Config::otp, &domain::OtpPolicy::daily, &domain::Rate::count>, 1, 2 * kMost,
                "messages"},
       "Sends and resends per identifier in any 24 hours."},
      {"limits.ip_interval",
       DurationField{kAt<&Config::address_limit, &domain::BucketLimit::interval>,
                     absl::Milliseconds(1), kDay},
       "An end user's address (IPv4 address, IPv6 /64) gets one call per interval."},
      {"limits.ip_burst",
       IntField{kAt<&Config::address_limit, &domain::BucketLimit::burst>, 1, 100000, "calls"},
       "Calls that an end user's address may make at once after a rest."},
      {"limits.personal_numbers_only",
       BoolField{kAt<&Config::validation, &validation::ValidationLimits::personal_numbers_only>},
       "Refuse phone numbers known as premium rate, shared cost, toll-free, company-wide, pager or "
       "voice mail."},
  };
}

}  // namespace otpgate::config
