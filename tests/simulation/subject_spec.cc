#include "tests/simulation/subject_spec.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "tests/simulation/codes.h"

namespace otpgate::simulation {
namespace {

constexpr absl::string_view kOutcomeNames[] = {"issued",        "wrong",  "right",     "unlocked",
                                               "voided",        "repeat", "id reused", "limited",
                                               "not evaluated", "nothing"};

const domain::Origin& OriginOf(const domain::SubjectCommand& command) {
  return std::visit([](const auto& c) -> const domain::Origin& { return c.origin; }, command);
}

std::string KeyOf(const domain::Origin::Request& request) {
  return absl::StrCat(request.key.caller, "/", request.key.method, "/", request.key.request_id);
}

int64_t Within(const std::vector<absl::Time>& times, absl::Duration length, absl::Time now) {
  return absl::c_count_if(times, [&](absl::Time t) { return now < t + length; });
}

bool IsFull(const domain::Rate& rate, const std::vector<absl::Time>& times, absl::Time now) {
  return Within(times, rate.window, now) >= rate.count;
}

bool DayIsFull(const domain::OtpPolicy& policy, const SubjectFacts& facts, absl::Time now) {
  const absl::Duration day = policy.daily.window;
  return Within(facts.sends, day, now) + Within(facts.resends, day, now) >= policy.daily.count;
}

bool MaySend(const domain::OtpPolicy& policy, const SubjectFacts& facts, bool phone,
             absl::Time now) {
  return !DayIsFull(policy, facts, now) && !IsFull(policy.sends, facts.sends, now) &&
         !(phone && IsFull(policy.phone_sends, facts.sends, now));
}

bool MayResend(const domain::OtpPolicy& policy, const SubjectFacts& facts, const CodeFacts& code,
               absl::Time now) {
  const auto too_young = [&](absl::Time t) { return now < t + policy.resend_cooldown; };
  const auto of_this_code = [&](absl::Time t) { return t >= code.created_at; };
  return !DayIsFull(policy, facts, now) && absl::c_none_of(facts.sends, too_young) &&
         absl::c_none_of(facts.resends, too_young) &&
         absl::c_count_if(facts.resends, of_this_code) < policy.resends_per_code &&
         !IsFull(policy.resends, facts.resends, now);
}

bool IsPending(const domain::OtpPolicy& policy, const CodeFacts& code, absl::Time now) {
  return !code.consumed && now < code.expires_at && code.attempts < policy.max_attempts;
}

absl::Duration LifeOf(const domain::OtpPolicy& policy, storage::Purpose purpose) {
  return purpose == storage::Purpose::kVerification ? policy.verification_ttl : policy.login_ttl;
}

// Whether a command with this otp_id concerns the newest code. Without an id only a code that is
// not bound to its handle does.
bool IsMeant(const CodeFacts* code, const OtpId& id) {
  return code != nullptr && (id.empty() ? !code->bound : code->id == id);
}

bool LooksLikePhone(const storage::SubjectKey& subject) {
  return subject.identifier.front() == '+';
}

Outcome ExpectVerify(const domain::OtpPolicy& policy, SubjectFacts facts,
                     const domain::VerifyOtp& verify, absl::Time now) {
  ForgetOldFailures(policy, now, facts);
  const bool waits = facts.disabled_at || (facts.blocked_until && now < *facts.blocked_until);
  const CodeFacts* code = CodeOf(facts, verify);
  if (waits || !IsMeant(code, verify.otp_id) || !IsPending(policy, *code, now))
    return Outcome::kNotEvaluated;
  return verify.guess == code->text ? Outcome::kRight : Outcome::kWrong;
}

void CountFailure(const domain::OtpPolicy& policy, absl::Time now, SubjectFacts& facts) {
  facts.failures = std::min(facts.failures + 1, policy.disable_at_failures);
  if (facts.failures >= policy.disable_at_failures) facts.disabled_at = now;
  if (facts.failures < policy.wait_from_failures) return;
  absl::Duration wait = policy.first_wait;
  for (int i = facts.failures; i > policy.wait_from_failures; --i) {
    wait = std::min(wait * 2, policy.longest_wait);
  }
  facts.blocked_until = now + wait;
}

Effect Issued(const CodeFacts& code) {
  Effect effect;
  effect.otp_id = code.id;
  effect.expires_at = code.expires_at;
  return effect;
}

Effect Do(const domain::OtpPolicy& policy, const domain::RequestOtp& request, absl::Time now,
          bool /*signs_in*/, SubjectFacts& facts) {
  CodeFacts& code = facts.codes[request.purpose];
  code = CodeFacts{.id = request.otp_id,
                   .text = CodeIn(request.code.mac),
                   .created_at = now,
                   .expires_at = now + LifeOf(policy, request.purpose),
                   .bound = request.bound};
  facts.sends.push_back(now);
  return Issued(code);
}

Effect Do(const domain::OtpPolicy& policy, const domain::ResendOtp& resend, absl::Time now,
          bool /*signs_in*/, SubjectFacts& facts) {
  CodeFacts& code = facts.codes.at(resend.purpose);
  const absl::Duration life = LifeOf(policy, resend.purpose);
  code.text = CodeIn(resend.code.mac);
  code.expires_at = std::min(now + life, code.created_at + 2 * life);
  facts.resends.push_back(now);
  return Issued(code);
}

Effect Do(const domain::OtpPolicy& policy, const domain::VerifyOtp& verify, absl::Time now,
          bool signs_in, SubjectFacts& facts) {
  CodeFacts& code = facts.codes.at(verify.purpose);
  Effect effect = Issued(code);
  if (verify.guess == code.text) {
    code.consumed = true;
    facts.failures = 0;
    facts.blocked_until.reset();
    facts.disabled_at.reset();
    if (verify.purpose == storage::Purpose::kVerification) return effect;
    effect.new_user = facts.user_id.empty();
    if (effect.new_user) facts.user_id = verify.new_user_id;
    if (signs_in) effect.session_id = verify.session_id;
    if (signs_in) effect.user_id = facts.user_id;
    if (!signs_in) effect.reason = errors::Reason::kAccountDisabled;
    return effect;
  }
  ++code.attempts;
  CountFailure(policy, now, facts);
  const bool waits = facts.disabled_at || (facts.blocked_until && now < *facts.blocked_until);
  effect.reason = errors::Reason::kOtpInvalid;
  const int left = waits ? 0 : policy.max_attempts - code.attempts;
  if (!verify.otp_id.empty()) effect.attempts_left = left;
  return effect;
}

Effect Do(const domain::OtpPolicy&, const domain::UnlockSubject&, absl::Time, bool,
          SubjectFacts& facts) {
  facts.failures = 0;
  facts.blocked_until.reset();
  facts.disabled_at.reset();
  return {};
}

Effect Do(const domain::OtpPolicy& policy, const domain::VoidCodes&, absl::Time now, bool,
          SubjectFacts& facts) {
  for (auto& [purpose, code] : facts.codes) {
    if (IsPending(policy, code, now)) code.expires_at = now;
  }
  return {};
}

std::vector<absl::Time> Recent(const domain::OtpPolicy& policy, std::vector<absl::Time> times,
                               absl::Time now) {
  std::erase_if(times, [&](absl::Time t) { return t <= now - policy.daily.window; });
  return times;
}

std::string CodeDifference(const domain::OtpPolicy& policy, const SubjectFacts& facts,
                           const storage::SubjectState& state, absl::Time now) {
  for (const storage::Code& code : state.codes) {
    const bool pending =
        !code.verified_at && now < code.expires_at && code.attempts < policy.max_attempts;
    const auto known = facts.codes.find(code.purpose);
    if (known == facts.codes.end() || code.id != known->second.id) {
      if (pending) return "a second code is alive";
      continue;
    }
    const CodeFacts& must = known->second;
    if (code.attempts != must.attempts) {
      return absl::StrCat("attempts ", code.attempts, ", must be ", must.attempts);
    }
    if (code.verified_at.has_value() != must.consumed) return "consumed or not";
    if (code.expires_at != must.expires_at) return "expiry of the code";
    if (CodeIn(code.mac) != must.text) return "another code than the one sent last";
  }
  return "";
}

}  // namespace

storage::Purpose PurposeOf(const domain::SubjectCommand& command) {
  if (const auto* request = std::get_if<domain::RequestOtp>(&command)) return request->purpose;
  if (const auto* resend = std::get_if<domain::ResendOtp>(&command)) return resend->purpose;
  if (const auto* verify = std::get_if<domain::VerifyOtp>(&command)) return verify->purpose;
  return storage::Purpose::kLogin;
}

const CodeFacts* CodeOf(const SubjectFacts& facts, const domain::SubjectCommand& command) {
  const auto code = facts.codes.find(PurposeOf(command));
  return code == facts.codes.end() ? nullptr : &code->second;
}

absl::string_view NameOf(Outcome outcome) { return kOutcomeNames[static_cast<size_t>(outcome)]; }

const RequestFacts* RecordOf(const domain::OtpPolicy& policy, const SubjectFacts& facts,
                             const domain::SubjectCommand& command, absl::Time now) {
  const domain::Origin& origin = OriginOf(command);
  if (!origin.request) return nullptr;
  const auto record = facts.requests.find(KeyOf(*origin.request));
  if (record == facts.requests.end()) return nullptr;
  return now - record->second.at < policy.request_retention ? &record->second : nullptr;
}

void ForgetOldFailures(const domain::OtpPolicy& policy, absl::Time now, SubjectFacts& facts) {
  const absl::Time since = facts.disabled_at.value_or(facts.updated_at);
  if (!facts.user_id.empty() || now - since < policy.idle_forget) return;
  facts.failures = 0;
  facts.blocked_until.reset();
  facts.disabled_at.reset();
}

Outcome Expect(const domain::OtpPolicy& policy, const SubjectFacts& facts,
               const domain::SubjectCommand& command, absl::Time now) {
  if (const RequestFacts* record = RecordOf(policy, facts, command, now)) {
    const bool same = record->payload == OriginOf(command).request->fingerprints.front();
    return same ? Outcome::kRepeat : Outcome::kIdReused;
  }
  if (const auto* request = std::get_if<domain::RequestOtp>(&command)) {
    return MaySend(policy, facts, LooksLikePhone(request->subject), now) ? Outcome::kIssued
                                                                         : Outcome::kLimited;
  }
  if (const auto* resend = std::get_if<domain::ResendOtp>(&command)) {
    const CodeFacts* code = CodeOf(facts, command);
    const bool pending = IsMeant(code, resend->otp_id) && IsPending(policy, *code, now);
    if (!pending) return Outcome::kNotEvaluated;
    return MayResend(policy, facts, *code, now) ? Outcome::kIssued : Outcome::kLimited;
  }
  if (const auto* verify = std::get_if<domain::VerifyOtp>(&command)) {
    return ExpectVerify(policy, facts, *verify, now);
  }
  if (std::holds_alternative<domain::VoidCodes>(command)) {
    const bool any = absl::c_any_of(
        facts.codes, [&](const auto& code) { return IsPending(policy, code.second, now); });
    return any ? Outcome::kVoided : Outcome::kNothing;
  }
  const bool clean = facts.failures == 0 && !facts.blocked_until && !facts.disabled_at;
  return clean ? Outcome::kNothing : Outcome::kUnlocked;
}

Effect Apply(const domain::OtpPolicy& policy, const domain::SubjectCommand& command, absl::Time now,
             bool signs_in, SubjectFacts& facts) {
  ForgetOldFailures(policy, now, facts);
  facts.sends = Recent(policy, std::move(facts.sends), now);
  facts.resends = Recent(policy, std::move(facts.resends), now);
  std::erase_if(facts.requests, [&](const auto& entry) {
    return now - entry.second.at >= policy.request_retention;
  });
  Effect effect =
      std::visit([&](const auto& c) { return Do(policy, c, now, signs_in, facts); }, command);
  std::visit(
      [&](const auto& c) {
        if (!c.origin.request) return;
        facts.requests[KeyOf(*c.origin.request)] = {c.origin.request->fingerprints.front(), now,
                                                    effect};
      },
      command);
  return effect;
}

std::string Difference(const domain::OtpPolicy& policy, const SubjectFacts& facts,
                       const storage::SubjectState& state, absl::Time now) {
  if (state.user_id != facts.user_id) return "its account";
  if (state.failures != facts.failures) {
    return absl::StrCat("failures ", state.failures, ", must be ", facts.failures);
  }
  if (state.blocked_until != facts.blocked_until) return "end of the wait";
  if (state.disabled_at != facts.disabled_at) return "disabled or not";
  if (Recent(policy, state.recent_sends, now) != Recent(policy, facts.sends, now)) {
    return "times of sends";
  }
  if (Recent(policy, state.recent_resends, now) != Recent(policy, facts.resends, now)) {
    return "times of resends";
  }
  return CodeDifference(policy, facts, state, now);
}

}  // namespace otpgate::simulation
