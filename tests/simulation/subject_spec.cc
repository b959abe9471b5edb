#include "tests/simulation/subject_spec.h"

#include <algorithm>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace otpgate::sim {
namespace {

constexpr absl::string_view kOutcomeNames[] = {"issued",        "wrong",  "right",     "unlocked",
                                               "voided",        "repeat", "id reused", "limited",
                                               "not evaluated", "nothing"};

const Origin& OriginOf(const SubjectCommand& command) {
  return std::visit([](const auto& c) -> const Origin& { return c.origin; }, command);
}

std::string KeyOf(const Origin::Request& request) {
  return absl::StrCat(request.key.caller, "/", request.key.method, "/", request.key.request_id);
}

int64_t Within(const std::vector<absl::Time>& times, absl::Duration length, absl::Time now) {
  return absl::c_count_if(times, [&](absl::Time t) { return now < t + length; });
}

bool IsFull(const SendWindow& window, const std::vector<absl::Time>& times, bool phone,
            absl::Time now) {
  return (phone || !window.phones_only) && Within(times, window.length, now) >= window.count;
}

bool DayIsFull(const OtpPolicy& policy, const SubjectFacts& facts, absl::Time now) {
  const absl::Duration day = policy.daily.length;
  return Within(facts.sends, day, now) + Within(facts.resends, day, now) >= policy.daily.count;
}

bool MaySend(const OtpPolicy& policy, const SubjectFacts& facts, bool phone, absl::Time now) {
  return !DayIsFull(policy, facts, now) &&
         absl::c_none_of(policy.send_windows, [&](const SendWindow& window) {
           return IsFull(window, facts.sends, phone, now);
         });
}

bool MayResend(const OtpPolicy& policy, const SubjectFacts& facts, bool phone, absl::Time now) {
  const auto too_young = [&](absl::Time t) { return now < t + policy.resend_cooldown; };
  const auto of_this_code = [&](absl::Time t) { return t >= facts.code->created_at; };
  return !DayIsFull(policy, facts, now) && absl::c_none_of(facts.sends, too_young) &&
         absl::c_none_of(facts.resends, too_young) &&
         absl::c_count_if(facts.resends, of_this_code) < policy.resends_per_code &&
         absl::c_none_of(policy.resend_windows, [&](const SendWindow& window) {
           return IsFull(window, facts.resends, phone, now);
         });
}

bool IsPending(const OtpPolicy& policy, const SubjectFacts& facts, absl::Time now) {
  return facts.code && !facts.code->consumed && now < facts.code->expires_at &&
         facts.code->attempts < policy.max_attempts;
}

// An empty id: a guess without a handle, at the newest code.
bool IsMeant(const SubjectFacts& facts, const OtpId& id) {
  return facts.code && (id.empty() ? !facts.code->bound : facts.code->id == id);
}

bool LooksLikePhone(const SubjectKey& subject) { return subject.identifier.front() == '+'; }

Outcome ExpectVerify(const OtpPolicy& policy, SubjectFacts facts, const VerifyOtp& verify,
                     absl::Time now) {
  ForgetWhatIsDue(policy, now, facts);
  const bool waits = facts.disabled_at || (facts.blocked_until && now < *facts.blocked_until);
  if (waits || !IsMeant(facts, verify.otp_id) || !IsPending(policy, facts, now))
    return Outcome::kNotEvaluated;
  return verify.guess == facts.code->text ? Outcome::kRight : Outcome::kWrong;
}

}  // namespace

absl::string_view NameOf(Outcome outcome) { return kOutcomeNames[static_cast<size_t>(outcome)]; }

const RequestFacts* RecordOf(const OtpPolicy& policy, const SubjectFacts& facts,
                             const SubjectCommand& command, absl::Time now) {
  const Origin& origin = OriginOf(command);
  if (!origin.request) return nullptr;
  const auto record = facts.requests.find(KeyOf(*origin.request));
  if (record == facts.requests.end()) return nullptr;
  return now - record->second.at < policy.request_retention ? &record->second : nullptr;
}

void ForgetWhatIsDue(const OtpPolicy& policy, absl::Time now, SubjectFacts& facts) {
  const absl::Time since = facts.disabled_at.value_or(facts.updated_at);
  if (!facts.user_id.empty() || now - since < policy.idle_forget) return;
  facts.failures = 0;
  facts.blocked_until.reset();
  facts.disabled_at.reset();
}

Outcome Expect(const OtpPolicy& policy, const SubjectFacts& facts, const SubjectCommand& command,
               absl::Time now) {
  if (const RequestFacts* record = RecordOf(policy, facts, command, now)) {
    const bool same = record->payload == OriginOf(command).request->fingerprints.front();
    return same ? Outcome::kRepeat : Outcome::kIdReused;
  }
  if (const auto* request = std::get_if<RequestOtp>(&command)) {
    return MaySend(policy, facts, LooksLikePhone(request->subject), now) ? Outcome::kIssued
                                                                         : Outcome::kLimited;
  }
  if (const auto* resend = std::get_if<ResendOtp>(&command)) {
    const bool pending = IsMeant(facts, resend->otp_id) && IsPending(policy, facts, now);
    if (!pending) return Outcome::kNotEvaluated;
    return MayResend(policy, facts, LooksLikePhone(resend->subject), now) ? Outcome::kIssued
                                                                          : Outcome::kLimited;
  }
  if (const auto* verify = std::get_if<VerifyOtp>(&command)) {
    return ExpectVerify(policy, facts, *verify, now);
  }
  if (std::holds_alternative<VoidCodes>(command)) {
    return IsPending(policy, facts, now) ? Outcome::kVoided : Outcome::kNothing;
  }
  const bool clean = facts.failures == 0 && !facts.blocked_until && !facts.disabled_at;
  return clean ? Outcome::kNothing : Outcome::kUnlocked;
}

}  // namespace otpgate::sim
