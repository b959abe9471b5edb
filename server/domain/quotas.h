#ifndef OTPGATE_SERVER_DOMAIN_QUOTAS_H_
#define OTPGATE_SERVER_DOMAIN_QUOTAS_H_

#include "absl/strings/string_view.h"

// The names of the limits that refuse a call for a while: in google.rpc.QuotaFailure for callers,
// as label `quota` of otpgate_limits_hit_total for operators.
namespace otpgate::domain {

inline constexpr absl::string_view kSubjectSendsQuota = "subject_sends";
inline constexpr absl::string_view kPhoneSendsQuota = "phone_sends";
inline constexpr absl::string_view kSubjectResendsQuota = "subject_resends";
inline constexpr absl::string_view kResendsPerCodeQuota = "resends_per_code";
inline constexpr absl::string_view kResendCooldownQuota = "resend_cooldown";
inline constexpr absl::string_view kMessagesPerDayQuota = "messages_24h";
inline constexpr absl::string_view kEndUserAddressQuota = "client_address";

inline constexpr absl::string_view kQuotas[] = {
    kSubjectSendsQuota,   kPhoneSendsQuota,     kSubjectResendsQuota, kResendsPerCodeQuota,
    kResendCooldownQuota, kMessagesPerDayQuota, kEndUserAddressQuota};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_QUOTAS_H_
