#include "tests/simulation/rules_under_test.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "tests/simulation/codes.h"

namespace otpgate::simulation {
namespace {

domain::OtpPolicy WithBug(domain::OtpPolicy policy, Bug bug) {
  if (bug == Bug::kSendWindowOffByOne) {
    ++policy.sends.count;
    ++policy.phone_sends.count;
  }
  if (bug == Bug::kDailyTotalIgnored) policy.daily.count = 1000;
  if (bug == Bug::kCooldownIgnored) policy.resend_cooldown = absl::ZeroDuration();
  if (bug == Bug::kRecordForgottenEarly) policy.request_retention = absl::Minutes(1);
  return policy;
}

void ForgetFailures(storage::SubjectState& state) {
  state.failures = 0;
  state.blocked_until.reset();
  state.disabled_at.reset();
}

const storage::Code* Find(const storage::SubjectState& state, const OtpId& id) {
  const auto code = std::find_if(state.codes.begin(), state.codes.end(),
                                 [&](const storage::Code& c) { return c.id == id; });
  return code == state.codes.end() ? nullptr : &*code;
}

// Changes what the rule sees.
void ApplyBugToInput(Bug bug, domain::VerifyOtp& verify, storage::SubjectState& state) {
  if (bug == Bug::kWaitIgnored) {
    state.blocked_until.reset();
    state.disabled_at.reset();
  }
  if (bug == Bug::kExpiryIgnored) {
    for (storage::Code& code : state.codes) code.expires_at += absl::Hours(1);
  }
  if (bug == Bug::kBindingIgnored) {
    for (storage::Code& code : state.codes) code.bound = false;
  }
  if (bug == Bug::kDisabledMaySignIn && state.account) state.account->disabled = false;
  if (bug == Bug::kSecondAccount && state.requests.empty()) {
    state.user_id = {};
    state.account.reset();
  }
  if (bug == Bug::kRetryEvaluatedTwice) state.requests.clear();
  if (bug == Bug::kProofRepeatedForever && verify.purpose == storage::Purpose::kVerification) {
    for (auto& [record, session] : state.requests) record.expires_at = absl::InfiniteFuture();
  }
  if (bug == Bug::kPayloadNotCompared && verify.origin.request) {
    for (auto& [record, session] : state.requests) {
      if (record.key == verify.origin.request->key) {
        record.fingerprint = verify.origin.request->fingerprints.front();
      }
    }
  }
  if (bug == Bug::kHandleIgnored && !state.codes.empty()) {
    verify.otp_id = std::max_element(state.codes.begin(), state.codes.end(),
                                     [](const storage::Code& a, const storage::Code& b) {
                                       return a.created_at < b.created_at;
                                     })
                        ->id;
  }
}

storage::NewSession ASession(const domain::VerifyOtp& verify, absl::Time now) {
  return {.user_id = verify.new_user_id,
          .id = verify.session_id,
          .key_id = verify.refresh_key_id,
          .token_version = 0,
          .created_at = now,
          .idle_expires_at = now + absl::Hours(1),
          .absolute_expires_at = now + absl::Hours(1),
          .caller = verify.origin.caller,
          .device_info = "",
          .ip = "",
          .amr = "sms"};
}

// Changes what the rule decided about an evaluated guess.
void ApplyBugToVerification(Bug bug, const storage::SubjectState& before,
                            const domain::SubjectReply& reply, storage::SubjectState& state,
                            storage::SubjectEffects& effects) {
  const bool wrong = FactsOf(*reply.event).step == domain::OtpStep::kVerificationFailed;
  for (storage::Code& code : state.codes) {
    const storage::Code* old = Find(before, code.id);
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

void ApplyBugToResend(Bug bug, const domain::ResendOtp& resend, const storage::SubjectState& before,
                      storage::SubjectState& state) {
  for (storage::Code& code : state.codes) {
    const storage::Code* old = Find(before, resend.otp_id);
    if (code.id != resend.otp_id || old == nullptr) continue;
    if (bug == Bug::kResendResetsAttempts) code.attempts = 0;
    if (bug == Bug::kResendExtendsExpiry) code.expires_at += absl::Minutes(10);
    if (bug == Bug::kOldCodeStillGood) code.mac = old->mac;
  }
  if (bug == Bug::kResendResetsFailures) ForgetFailures(state);
  if (bug == Bug::kSendsForgottenAfterResend) state.recent_sends.clear();
}

domain::SessionPolicy WithBug(domain::SessionPolicy policy, Bug bug) {
  if (bug == Bug::kGraceUnbounded) policy.grace = absl::InfiniteDuration();
  if (bug == Bug::kGraceMissing) policy.grace = absl::ZeroDuration();
  return policy;
}

// Changes what the rule sees.
void ApplyBugToInput(Bug bug, domain::SessionCommand& command, storage::SessionState& state) {
  if (bug == Bug::kTokenVersionIgnored && state.account) {
    state.account->token_version = state.token_version;
    state.account->disabled = false;
  }
  if (bug == Bug::kNotBeforeIgnored) state.not_before.reset();
  if (bug == Bug::kIdleEndIgnored) state.idle_expires_at = state.absolute_expires_at;
  if (bug == Bug::kAbsoluteEndIgnored) {
    state.absolute_expires_at = absl::InfiniteFuture();
    state.idle_expires_at += absl::Hours(24);
  }
  auto* rotation = std::get_if<domain::RotateSession>(&command);
  if (bug == Bug::kOldTokenRotates && rotation != nullptr) rotation->generation = state.generation;
}

void ApplyBugToReuse(Bug bug, const storage::SessionState& before,
                     domain::Decision<domain::SessionReply>& decision, storage::SessionState& state,
                     storage::SessionEffects& effects) {
  if (bug == Bug::kReuseNotDetected) {
    state = before;
    effects.audit.pop_back();
    decision.changed = false;
    decision.reply.event.reset();
  }
  if (bug == Bug::kFamilyNotRevoked) {
    state.revoked_at.reset();
    state.revoked_reason = storage::RevokedReason::kNone;
  }
}

// Adds an audit event, so that the commit names the call.
void MarkRotation(const domain::RotateSession& rotation, absl::Time now,
                  storage::SessionEffects& effects) {
  effects.audit.push_back({.id = rotation.actor.audit_id,
                           .event = "TOKEN_REFRESHED",
                           .at = now,
                           .caller = rotation.actor.caller,
                           .ip = {},
                           .detail = {},
                           .otp_id = {},
                           .user_id = rotation.session.user_id,
                           .session_id = rotation.session.session_id});
}

}  // namespace

SubjectRulesUnderTest::SubjectRulesUnderTest(const Plan& plan)
    : domain::SubjectRules(WithBug(plan.otp, plan.bug),
                           [](const storage::SubjectKey&, const storage::Code& code,
                              absl::string_view guess) { return CodeIn(code.mac) == guess; }),
      bug_(plan.bug) {}

domain::Decision<domain::SubjectReply> SubjectRulesUnderTest::Decide(
    const Command& command, absl::Time now, storage::SubjectState& state,
    storage::SubjectEffects& effects) const {
  if (bug_ == Bug::kNone) return domain::SubjectRules::Decide(command, now, state, effects);
  if (bug_ == Bug::kVoidIgnored && std::holds_alternative<domain::VoidCodes>(command)) {
    Reply reply;
    reply.now = now;
    return {reply};
  }
  const storage::SubjectState before = state;
  Command seen = command;
  if (auto* verify = std::get_if<domain::VerifyOtp>(&seen)) ApplyBugToInput(bug_, *verify, state);
  domain::Decision<Reply> decision = domain::SubjectRules::Decide(seen, now, state, effects);
  if (!decision.changed) {
    state = before;
    if (bug_ == Bug::kProofDatedAnew && decision.reply.replayed()) decision.reply.recorded_at = now;
    return decision;
  }
  if (bug_ == Bug::kRecordNotWritten) effects.requests.clear();
  if (const auto* resend = std::get_if<domain::ResendOtp>(&seen))
    ApplyBugToResend(bug_, *resend, before, state);
  if (std::holds_alternative<domain::RequestOtp>(seen) && bug_ == Bug::kRequestResetsFailures) {
    ForgetFailures(state);
  }
  if (const auto* verify = std::get_if<domain::VerifyOtp>(&seen)) {
    ApplyBugToVerification(bug_, before, decision.reply, state, effects);
    if (bug_ == Bug::kVerificationOpensSession && decision.reply.ok() && !decision.reply.session) {
      effects.sessions.push_back(ASession(*verify, now));
    }
    if (bug_ == Bug::kCommandFoldedTwice) {
      storage::SubjectEffects unseen;
      domain::SubjectRules::Decide(seen, now, state, unseen);
    }
  }
  return decision;
}

SessionRulesUnderTest::SessionRulesUnderTest(const Plan& plan)
    : domain::SessionRules(WithBug(plan.otp.session, plan.bug)), bug_(plan.bug) {}

domain::Decision<domain::SessionReply> SessionRulesUnderTest::Decide(
    const Command& command, absl::Time now, storage::SessionState& state,
    storage::SessionEffects& effects) const {
  const storage::SessionState before = state;
  Command seen = command;
  if (bug_ == Bug::kLogoutIgnored && std::holds_alternative<domain::EndSession>(command)) {
    Reply reply;
    reply.now = now;
    reply.session = state;
    return {reply};
  }
  ApplyBugToInput(bug_, seen, state);
  domain::Decision<Reply> decision = domain::SessionRules::Decide(seen, now, state, effects);
  if (!decision.changed) {
    state = before;
    return decision;
  }
  state.absolute_expires_at = before.absolute_expires_at;
  if (state.generation == before.generation) state.idle_expires_at = before.idle_expires_at;
  if (decision.reply.event == domain::Event::kTokenReuse)
    ApplyBugToReuse(bug_, before, decision, state, effects);
  if (decision.reply.event == domain::Event::kTokenRefreshed) {
    MarkRotation(std::get<domain::RotateSession>(command), now, effects);
    if (bug_ == Bug::kRotatedByNotKept) state.rotated_by.clear();
  }
  return decision;
}

domain::Decision<domain::UserReply> UserRulesUnderTest::Decide(
    const Command& command, absl::Time now, storage::UserState& state,
    storage::UserEffects& effects) const {
  const storage::UserState before = state;
  domain::Decision<Reply> decision = domain::UserRules::Decide(command, now, state, effects);
  if (bug_ == Bug::kTokenVersionNotRaised) {
    state.account.token_version = before.account.token_version;
  }
  if (bug_ == Bug::kDisableIgnored) state.account.disabled = before.account.disabled;
  return decision;
}

domain::Decision<domain::TakeReply> BucketRulesUnderTest::Decide(
    const Command& command, absl::Time now, storage::BucketState& state,
    storage::BucketEffects& effects) const {
  Command seen = command;
  if (bug_ == Bug::kBucketOffByOne) ++seen.limit.burst;
  return domain::BucketRules::Decide(seen, now, state, effects);
}

}  // namespace otpgate::simulation
