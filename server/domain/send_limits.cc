#include "server/domain/send_limits.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/match.h"
#include "server/domain/quotas.h"

namespace otpgate::domain {
namespace {

using Times = std::vector<absl::Time>;

// The moment at which `times` has room for one more; in the past if it has room now.
absl::Time RoomAt(const Rate& rate, const Times& times) {
  if (rate.count <= 0) return absl::InfiniteFuture();
  if (times.size() < static_cast<size_t>(rate.count)) return absl::InfinitePast();
  return times[times.size() - static_cast<size_t>(rate.count)] + rate.window;
}

std::optional<SendDenial> CheckRate(absl::string_view quota, const Rate& rate, const Times& times,
                                    absl::Time now) {
  const absl::Time room = RoomAt(rate, times);
  if (now >= room) return std::nullopt;
  return SendDenial{errors::Reason::kSendLimit, quota, rate, room - now};
}

Times Merged(const storage::SubjectState& state) {
  Times all;
  all.reserve(state.recent_sends.size() + state.recent_resends.size());
  std::merge(state.recent_sends.begin(), state.recent_sends.end(), state.recent_resends.begin(),
             state.recent_resends.end(), std::back_inserter(all));
  return all;
}

std::optional<SendDenial> Worse(std::optional<SendDenial> a, std::optional<SendDenial> b) {
  if (!a) return b;
  if (!b) return a;
  return a->retry_after >= b->retry_after ? a : b;
}

std::optional<SendDenial> CheckCooldown(const OtpPolicy& policy, const storage::SubjectState& state,
                                        absl::Time now) {
  const absl::Time allowed = ResendAllowedAt(policy, state);
  if (now >= allowed) return std::nullopt;
  return SendDenial{errors::Reason::kResendCooldown,
                    kResendCooldownQuota,
                    {1, policy.resend_cooldown},
                    allowed - now};
}

// Resends are not stored per code. Those of another purpose since this code was created count too,
// which can only make the limit stricter.
std::optional<SendDenial> CheckPerCode(const OtpPolicy& policy, const storage::SubjectState& state,
                                       const storage::Code& code, absl::Time now) {
  const auto since = std::count_if(state.recent_resends.begin(), state.recent_resends.end(),
                                   [&](absl::Time t) { return t >= code.created_at; });
  if (since < policy.resends_per_code) return std::nullopt;
  return SendDenial{errors::Reason::kSendLimit,
                    kResendsPerCodeQuota,
                    {policy.resends_per_code, absl::ZeroDuration()},
                    std::max(code.expires_at - now, absl::ZeroDuration())};
}

absl::Duration LongestWindow(const OtpPolicy& policy) {
  return std::max({policy.sends.window, policy.phone_sends.window, policy.resends.window,
                   policy.resend_cooldown, policy.daily.window});
}

void Note(const OtpPolicy& policy, absl::Time now, Times& times) {
  const absl::Time horizon = now - LongestWindow(policy);
  times.erase(
      std::remove_if(times.begin(), times.end(), [&](absl::Time t) { return t <= horizon; }),
      times.end());
  times.push_back(now);
}

}  // namespace

bool IsPhone(const storage::SubjectKey& subject) {
  return !absl::StrContains(subject.identifier, '@');
}

std::optional<SendDenial> CheckRequest(const OtpPolicy& policy, const storage::SubjectKey& subject,
                                       const storage::SubjectState& state, absl::Time now) {
  if (!policy.limits_enabled) return std::nullopt;
  std::optional<SendDenial> denial =
      CheckRate(kSubjectSendsQuota, policy.sends, state.recent_sends, now);
  if (IsPhone(subject)) {
    denial =
        Worse(denial, CheckRate(kPhoneSendsQuota, policy.phone_sends, state.recent_sends, now));
  }
  return Worse(denial, CheckRate(kMessagesPerDayQuota, policy.daily, Merged(state), now));
}

std::optional<SendDenial> CheckResend(const OtpPolicy& policy, const storage::SubjectState& state,
                                      const storage::Code& code, absl::Time now) {
  if (!policy.limits_enabled) return std::nullopt;
  std::optional<SendDenial> denial =
      CheckRate(kSubjectResendsQuota, policy.resends, state.recent_resends, now);
  denial = Worse(denial, CheckPerCode(policy, state, code, now));
  denial = Worse(denial, CheckRate(kMessagesPerDayQuota, policy.daily, Merged(state), now));
  return Worse(denial, CheckCooldown(policy, state, now));
}

void NoteRequest(const OtpPolicy& policy, absl::Time now, storage::SubjectState& state) {
  Note(policy, now, state.recent_sends);
}

void NoteResend(const OtpPolicy& policy, absl::Time now, storage::SubjectState& state) {
  Note(policy, now, state.recent_resends);
}

absl::Time ResendAllowedAt(const OtpPolicy& policy, const storage::SubjectState& state) {
  absl::Time last = absl::InfinitePast();
  if (!state.recent_sends.empty()) last = std::max(last, state.recent_sends.back());
  if (!state.recent_resends.empty()) last = std::max(last, state.recent_resends.back());
  return last + policy.resend_cooldown;
}

}  // namespace otpgate::domain
