#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "tests/simulation/codes.h"
#include "tests/simulation/rules_under_test.h"

namespace otpgate::sim {
namespace {

OtpPolicy Spoilt(OtpPolicy policy, Bug bug) {
  if (bug == Bug::kSendWindowOffByOne) {
    for (SendWindow& window : policy.send_windows) ++window.count;
  }
  if (bug == Bug::kDailyTotalIgnored) policy.daily.count = 1000;
  if (bug == Bug::kCooldownIgnored) policy.resend_cooldown = absl::ZeroDuration();
  if (bug == Bug::kRecordForgottenEarly) policy.request_retention = absl::Minutes(1);
  return policy;
}

void ForgetFailures(SubjectState& state) {
  state.failures = 0;
  state.blocked_until.reset();
  state.disabled_at.reset();
}

const Code* Find(const SubjectState& state, const OtpId& id) {
  const auto code = std::find_if(state.codes.begin(), state.codes.end(),
                                 [&](const Code& c) { return c.id == id; });
  return code == state.codes.end() ? nullptr : &*code;
}

// What the rule is made to see.
void SpoilSight(Bug bug, VerifyOtp& verify, SubjectState& state) {
  if (bug == Bug::kWaitIgnored) {
    state.blocked_until.reset();
    state.disabled_at.reset();
  }
  if (bug == Bug::kExpiryIgnored) {
    for (Code& code : state.codes) code.expires_at += absl::Hours(1);
  }
  if (bug == Bug::kBindingIgnored) {
    for (Code& code : state.codes) code.bound = false;
  }
  if (bug == Bug::kDisabledMaySignIn && state.account) state.account->disabled = false;
  if (bug == Bug::kSecondAccount && state.requests.empty()) {
    state.user_id = {};
    state.account.reset();
  }
  if (bug == Bug::kRetryEvaluatedTwice) state.requests.clear();
  if (bug == Bug::kPayloadNotCompared && verify.origin.request) {
    for (auto& [record, session] : state.requests) {
      if (record.key == verify.origin.request->key) {
        record.fingerprint = verify.origin.request->fingerprints.front();
      }
    }
  }
  if (bug == Bug::kHandleIgnored && !state.codes.empty()) {
    verify.otp_id =
        std::max_element(state.codes.begin(), state.codes.end(), [](const Code& a, const Code& b) {
          return a.created_at < b.created_at;
        })->id;
  }
}

// What the rule leaves behind after a guess that was evaluated.
void SpoilVerified(Bug bug, const SubjectState& before, const SubjectReply& reply,
                   SubjectState& state, SubjectEffects& effects) {
  const bool wrong = absl::EndsWith(reply.event, "FAILED");
  for (Code& code : state.codes) {
    const Code* old = Find(before, code.id);
    if (old == nullptr) continue;
    code.bound = old->bound;
    if (bug == Bug::kAttemptsNotCounted) code.attempts = old->attempts;
    if (bug == Bug::kExpiryIgnored) code.expires_at = old->expires_at;
    if (bug == Bug::kCodeNotConsumed && !wrong) code.verified_at.reset();
  }
  if (bug == Bug::kFailuresNotCounted && wrong) {
    state.failures = before.failures;
    state.blocked_until = before.blocked_until;
    state.disabled_at = before.disabled_at;
  }
  if (bug == Bug::kSecondAccount && wrong) {
    state.user_id = before.user_id;
    state.account = before.account;
  }
  if (bug == Bug::kFailuresCountedTwice && wrong)
    state.failures = std::min(state.failures + 1, 100);
  if (bug == Bug::kSessionLost) effects.sessions.clear();
}

void SpoilResent(Bug bug, const ResendOtp& resend, const SubjectState& before,
                 SubjectState& state) {
  for (Code& code : state.codes) {
    const Code* old = Find(before, resend.otp_id);
    if (code.id != resend.otp_id || old == nullptr) continue;
    if (bug == Bug::kResendResetsAttempts) code.attempts = 0;
    if (bug == Bug::kResendExtendsExpiry) code.expires_at += absl::Minutes(10);
    if (bug == Bug::kOldCodeStillGood) code.mac = old->mac;
  }
  if (bug == Bug::kResendResetsFailures) ForgetFailures(state);
  if (bug == Bug::kSendsForgottenAfterResend) state.recent_sends.clear();
}

}  // namespace

SubjectShell::SubjectShell(const Plan& plan)
    : SubjectRules(Spoilt(plan.otp, plan.bug),
                   [](const SubjectKey&, const Code& code, absl::string_view guess) {
                     return CodeIn(code.mac) == guess;
                   }),
      bug_(plan.bug) {}

Decision<SubjectReply> SubjectShell::Decide(const Command& command, absl::Time now,
                                            SubjectState& state, SubjectEffects& effects) const {
  if (bug_ == Bug::kNone) return SubjectRules::Decide(command, now, state, effects);
  if (bug_ == Bug::kVoidIgnored && std::holds_alternative<VoidCodes>(command)) {
    Reply reply;
    reply.now = now;
    return {reply};
  }
  const SubjectState before = state;
  Command seen = command;
  if (auto* verify = std::get_if<VerifyOtp>(&seen)) SpoilSight(bug_, *verify, state);
  Decision<Reply> decision = SubjectRules::Decide(seen, now, state, effects);
  if (!decision.changed) {
    state = before;
    return decision;
  }
  if (bug_ == Bug::kRecordNotWritten) effects.requests.clear();
  if (const auto* resend = std::get_if<ResendOtp>(&seen)) SpoilResent(bug_, *resend, before, state);
  if (std::holds_alternative<RequestOtp>(seen) && bug_ == Bug::kRequestResetsFailures) {
    ForgetFailures(state);
  }
  if (std::holds_alternative<VerifyOtp>(seen)) {
    SpoilVerified(bug_, before, decision.reply, state, effects);
    if (bug_ == Bug::kCommandFoldedTwice) {
      SubjectEffects unseen;
      SubjectRules::Decide(seen, now, state, unseen);
    }
  }
  return decision;
}

}  // namespace otpgate::sim
