#include "server/policies.h"

namespace otpgate {

OtpPolicy OtpPolicyFrom(const Config& config) {
  const OtpConfig& otp = config.otp;
  const LimitsConfig& limits = config.limits;
  OtpPolicy policy;
  policy.login_ttl = otp.ttl;
  policy.verify_phone_ttl = otp.verify_phone_ttl;
  policy.verify_email_ttl = otp.verify_email_ttl;
  policy.max_attempts = otp.max_attempts;
  policy.wait_from_failures = otp.wait_from_failures;
  policy.first_wait = otp.first_wait;
  policy.longest_wait = otp.longest_wait;
  policy.disable_at_failures = otp.disable_at_failures;
  policy.limits_enabled = config.enable_rate_limit;
  policy.send_windows = {
      {"subject_sends", limits.sends.count, limits.sends.window, false},
      {"phone_sends", limits.phone_sends.count, limits.phone_sends.window, true}};
  policy.resend_windows = {{"subject_resends", limits.resends.count, limits.resends.window, false}};
  policy.resends_per_code = limits.resends_per_code;
  policy.resend_cooldown = limits.resend_cooldown;
  policy.daily.count = limits.messages_per_day;
  policy.session_idle = config.sessions.idle;
  policy.session_absolute = config.sessions.absolute;
  return policy;
}

SessionPolicy SessionPolicyFrom(const SessionsConfig& sessions) {
  return {.idle = sessions.idle, .grace = sessions.refresh_grace};
}

TokenPolicy TokenPolicyFrom(const TokensConfig& tokens) {
  return {.issuer = tokens.issuer,
          .live_audiences = tokens.live_audiences,
          .demo_audiences = tokens.demo_audiences,
          .access_ttl = tokens.access_ttl};
}

BucketLimit ClientLimitFrom(const LimitsConfig& limits) {
  return {.interval = limits.ip_interval, .burst = limits.ip_burst};
}

QueueLimits QueueLimitsFrom(const EngineConfig& engine) {
  return {.capacity = static_cast<size_t>(engine.queue),
          .per_key = static_cast<size_t>(engine.queue_per_key),
          .batch = static_cast<size_t>(engine.batch),
          .wait = engine.queue_wait};
}

TlsOptions TlsOptionsFrom(const ListenConfig& listen) {
  return {.directory = listen.tls_directory, .client_certificates = listen.client_certificates};
}

ServerOptions ServerOptionsFrom(const ListenConfig& listen) {
  ServerOptions options;
  options.listen = listen.addresses;
  options.tls = TlsOptionsFrom(listen);
  options.plaintext_is_safe = listen.plaintext_is_safe;
  options.threads = listen.threads;
  options.default_deadline = listen.default_deadline;
  options.max_deadline = listen.max_deadline;
  options.max_message_bytes = listen.max_message_bytes;
  options.max_metadata_bytes = listen.max_metadata_bytes;
  options.max_streams = listen.max_streams;
  options.max_buffer_bytes = listen.max_buffer_bytes;
  options.max_connection_age = listen.max_connection_age;
  options.drain_delay = listen.drain_delay;
  options.drain_timeout = listen.drain_timeout;
  options.drain_quiet = listen.drain_quiet;
  return options;
}

ValidationLimits ValidationLimitsFrom(const Config& config) {
  ValidationLimits limits;
  limits.code_digits = config.otp.digits;
  limits.phone_types =
      config.limits.personal_numbers_only ? PhoneTypes::kPersonal : PhoneTypes::kAll;
  return limits;
}

}  // namespace otpgate
