#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "tests/simulation/codes.h"
#include "tests/simulation/subject_spec.h"

namespace otpgate::sim {
namespace {

void CountFailure(const OtpPolicy& policy, absl::Time now, SubjectFacts& facts) {
  facts.failures = std::min(facts.failures + 1, policy.disable_at_failures);
  if (facts.failures >= policy.disable_at_failures) facts.disabled_at = now;
  if (facts.failures < policy.wait_from_failures) return;
  absl::Duration wait = policy.first_wait;
  for (int i = facts.failures; i > policy.wait_from_failures; --i) {
    wait = std::min(wait * 2, policy.longest_wait);
  }
  facts.blocked_until = now + wait;
}

Effect Issued(const SubjectFacts& facts) {
  Effect effect;
  effect.otp_id = facts.code->id;
  effect.expires_at = facts.code->expires_at;
  return effect;
}

Effect Do(const OtpPolicy& policy, const RequestOtp& request, absl::Time now, bool /*signs_in*/,
          SubjectFacts& facts) {
  facts.code = CodeFacts{.id = request.otp_id,
                         .text = CodeIn(request.code.mac),
                         .created_at = now,
                         .expires_at = now + policy.login_ttl,
                         .bound = request.bound};
  facts.sends.push_back(now);
  return Issued(facts);
}

Effect Do(const OtpPolicy& policy, const ResendOtp& resend, absl::Time now, bool /*signs_in*/,
          SubjectFacts& facts) {
  facts.code->text = CodeIn(resend.code.mac);
  facts.code->expires_at =
      std::min(now + policy.login_ttl, facts.code->created_at + 2 * policy.login_ttl);
  facts.resends.push_back(now);
  return Issued(facts);
}

Effect Do(const OtpPolicy& policy, const VerifyOtp& verify, absl::Time now, bool signs_in,
          SubjectFacts& facts) {
  Effect effect = Issued(facts);
  if (verify.guess == facts.code->text) {
    facts.code->consumed = true;
    facts.failures = 0;
    facts.blocked_until.reset();
    facts.disabled_at.reset();
    effect.new_user = facts.user_id.empty();
    if (effect.new_user) facts.user_id = verify.new_user_id;
    if (signs_in) effect.session_id = verify.session_id;
    if (signs_in) effect.user_id = facts.user_id;
    if (!signs_in) effect.reason = Reason::kAccountDisabled;
    return effect;
  }
  ++facts.code->attempts;
  CountFailure(policy, now, facts);
  const bool waits = facts.disabled_at || (facts.blocked_until && now < *facts.blocked_until);
  effect.reason = Reason::kOtpInvalid;
  const int left = waits ? 0 : policy.max_attempts - facts.code->attempts;
  if (!verify.otp_id.empty()) effect.attempts_left = left;
  return effect;
}

Effect Do(const OtpPolicy&, const UnlockSubject&, absl::Time, bool, SubjectFacts& facts) {
  facts.failures = 0;
  facts.blocked_until.reset();
  facts.disabled_at.reset();
  return {};
}

Effect Do(const OtpPolicy&, const VoidCodes&, absl::Time now, bool, SubjectFacts& facts) {
  if (facts.code) facts.code->expires_at = std::min(facts.code->expires_at, now);
  return {};
}

std::vector<absl::Time> Recent(const OtpPolicy& policy, std::vector<absl::Time> times,
                               absl::Time now) {
  std::erase_if(times, [&](absl::Time t) { return t <= now - policy.daily.length; });
  return times;
}

std::string CodeDifference(const OtpPolicy& policy, const SubjectFacts& facts,
                           const SubjectState& state, absl::Time now) {
  for (const Code& code : state.codes) {
    const bool pending =
        !code.verified_at && now < code.expires_at && code.attempts < policy.max_attempts;
    if (!facts.code || code.id != facts.code->id) {
      if (pending) return "a second code is alive";
      continue;
    }
    if (code.attempts != facts.code->attempts) {
      return absl::StrCat("attempts ", code.attempts, ", must be ", facts.code->attempts);
    }
    if (code.verified_at.has_value() != facts.code->consumed) return "consumed or not";
    if (code.expires_at != facts.code->expires_at) return "expiry of the code";
    if (CodeIn(code.mac) != facts.code->text) return "another code than the one sent last";
  }
  return "";
}

}  // namespace

Effect Apply(const OtpPolicy& policy, const SubjectCommand& command, absl::Time now, bool signs_in,
             SubjectFacts& facts) {
  ForgetWhatIsDue(policy, now, facts);
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
        const RequestKey& key = c.origin.request->key;
        facts.requests[absl::StrCat(key.caller, "/", key.method, "/", key.request_id)] = {
            c.origin.request->fingerprints.front(), now, effect};
      },
      command);
  return effect;
}

std::string Difference(const OtpPolicy& policy, const SubjectFacts& facts,
                       const SubjectState& state, absl::Time now) {
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

}  // namespace otpgate::sim
