#include "server/domain/send_limits.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/match.h"

namespace otpgate {
namespace {

using Times = std::vector<absl::Time>;

// The moment at which `times` has room for one more in `window`; in the past if it has room now.
absl::Time RoomAt(const SendWindow& window, const Times& times) {
  if (window.count <= 0) return absl::InfiniteFuture();
  if (times.size() < static_cast<size_t>(window.count)) return absl::InfinitePast();
  return times[times.size() - static_cast<size_t>(window.count)] + window.length;
}

std::optional<SendDenial> CheckWindow(const SendWindow& window, const Times& times,
                                      absl::Time now) {
  const absl::Time room = RoomAt(window, times);
  if (now >= room) return std::nullopt;
  return SendDenial{Reason::kSendLimit, window.name, room - now};
}

std::optional<SendDenial> CheckWindows(const std::vector<SendWindow>& windows, const Times& times,
                                       bool phone, absl::Time now) {
  std::optional<SendDenial> worst;
  for (const SendWindow& window : windows) {
    if (window.phones_only && !phone) continue;
    std::optional<SendDenial> denial = CheckWindow(window, times, now);
    if (denial && (!worst || denial->retry_after > worst->retry_after)) worst = std::move(denial);
  }
  return worst;
}

Times Merged(const SubjectState& state) {
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

std::optional<SendDenial> CheckCooldown(const OtpPolicy& policy, const SubjectState& state,
                                        absl::Time now) {
  const absl::Time allowed = ResendAllowedAt(policy, state);
  if (now >= allowed) return std::nullopt;
  return SendDenial{Reason::kResendCooldown, "resend_cooldown", allowed - now};
}

// Resends are not kept per code: those of another purpose since this code count too, which can
// only make the limit stricter.
std::optional<SendDenial> CheckPerCode(const OtpPolicy& policy, const SubjectState& state,
                                       const Code& code, absl::Time now) {
  const auto since = std::count_if(state.recent_resends.begin(), state.recent_resends.end(),
                                   [&](absl::Time t) { return t >= code.created_at; });
  if (since < policy.resends_per_code) return std::nullopt;
  return SendDenial{Reason::kSendLimit, "resends_per_code",
                    std::max(code.expires_at - now, absl::ZeroDuration())};
}

absl::Duration LongestWindow(const OtpPolicy& policy) {
  absl::Duration longest = std::max(policy.daily.length, policy.resend_cooldown);
  for (const auto* windows : {&policy.send_windows, &policy.resend_windows}) {
    for (const SendWindow& window : *windows) longest = std::max(longest, window.length);
  }
  return longest;
}

void Note(const OtpPolicy& policy, absl::Time now, Times& times) {
  const absl::Time horizon = now - LongestWindow(policy);
  times.erase(
      std::remove_if(times.begin(), times.end(), [&](absl::Time t) { return t <= horizon; }),
      times.end());
  times.push_back(now);
}

}  // namespace

bool IsPhone(const SubjectKey& subject) { return !absl::StrContains(subject.identifier, '@'); }

std::optional<SendDenial> CheckRequest(const OtpPolicy& policy, const SubjectKey& subject,
                                       const SubjectState& state, absl::Time now) {
  if (!policy.limits_enabled) return std::nullopt;
  return Worse(CheckWindows(policy.send_windows, state.recent_sends, IsPhone(subject), now),
               CheckWindow(policy.daily, Merged(state), now));
}

std::optional<SendDenial> CheckResend(const OtpPolicy& policy, const SubjectKey& subject,
                                      const SubjectState& state, const Code& code, absl::Time now) {
  if (!policy.limits_enabled) return std::nullopt;
  std::optional<SendDenial> denial =
      CheckWindows(policy.resend_windows, state.recent_resends, IsPhone(subject), now);
  denial = Worse(std::move(denial), CheckPerCode(policy, state, code, now));
  denial = Worse(std::move(denial), CheckWindow(policy.daily, Merged(state), now));
  return Worse(std::move(denial), CheckCooldown(policy, state, now));
}

void NoteRequest(const OtpPolicy& policy, absl::Time now, SubjectState& state) {
  Note(policy, now, state.recent_sends);
}

void NoteResend(const OtpPolicy& policy, absl::Time now, SubjectState& state) {
  Note(policy, now, state.recent_resends);
}

absl::Time ResendAllowedAt(const OtpPolicy& policy, const SubjectState& state) {
  absl::Time last = absl::InfinitePast();
  if (!state.recent_sends.empty()) last = std::max(last, state.recent_sends.back());
  if (!state.recent_resends.empty()) last = std::max(last, state.recent_resends.back());
  return last + policy.resend_cooldown;
}

}  // namespace otpgate
