#include <variant>

#include "tests/simulation/rules_under_test.h"

namespace otpgate::sim {
namespace {

SessionPolicy Spoilt(SessionPolicy policy, Bug bug) {
  if (bug == Bug::kGraceUnbounded) policy.grace = absl::InfiniteDuration();
  if (bug == Bug::kGraceMissing) policy.grace = absl::ZeroDuration();
  return policy;
}

// What the rule is made to see.
void SpoilSight(Bug bug, SessionCommand& command, SessionState& state) {
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
  auto* rotation = std::get_if<RotateSession>(&command);
  if (bug == Bug::kOldTokenRotates && rotation != nullptr) rotation->generation = state.generation;
}

void SpoilReuse(Bug bug, const SessionState& before, Decision<SessionReply>& decision,
                SessionState& state, SessionEffects& effects) {
  if (bug == Bug::kReuseNotDetected) {
    state = before;
    effects.audit.pop_back();
    decision.changed = false;
    decision.reply.event.clear();
  }
  if (bug == Bug::kFamilyNotRevoked) {
    state.revoked_at.reset();
    state.revoked_reason.clear();
  }
}

// So that what was committed names the call.
void MarkRotation(const RotateSession& rotation, absl::Time now, SessionEffects& effects) {
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

SessionShell::SessionShell(const Plan& plan)
    : SessionRules(Spoilt(plan.session, plan.bug)), bug_(plan.bug) {}

Decision<SessionReply> SessionShell::Decide(const Command& command, absl::Time now,
                                            SessionState& state, SessionEffects& effects) const {
  const SessionState before = state;
  Command seen = command;
  if (bug_ == Bug::kLogoutIgnored && std::holds_alternative<EndSession>(command)) {
    Reply reply;
    reply.now = now;
    reply.session = state;
    return {reply};
  }
  SpoilSight(bug_, seen, state);
  Decision<Reply> decision = SessionRules::Decide(seen, now, state, effects);
  if (!decision.changed) {
    state = before;
    return decision;
  }
  state.absolute_expires_at = before.absolute_expires_at;
  if (state.generation == before.generation) state.idle_expires_at = before.idle_expires_at;
  if (decision.reply.event == "TOKEN_REUSE") SpoilReuse(bug_, before, decision, state, effects);
  if (decision.reply.event == "TOKEN_REFRESHED") {
    MarkRotation(std::get<RotateSession>(command), now, effects);
    if (bug_ == Bug::kRotatedByNotKept) state.rotated_by.clear();
  }
  return decision;
}

Decision<UserReply> UserShell::Decide(const Command& command, absl::Time now, UserState& state,
                                      UserEffects& effects) const {
  const UserState before = state;
  Decision<Reply> decision = UserRules::Decide(command, now, state, effects);
  if (bug_ == Bug::kTokenVersionNotRaised) {
    state.account.token_version = before.account.token_version;
  }
  if (bug_ == Bug::kDisableIgnored) state.account.disabled = before.account.disabled;
  return decision;
}

Decision<TakeReply> BucketShell::Decide(const Command& command, absl::Time now, BucketState& state,
                                        BucketEffects& effects) const {
  Command seen = command;
  if (bug_ == Bug::kBucketOffByOne) ++seen.limit.burst;
  return BucketRules::Decide(seen, now, state, effects);
}

}  // namespace otpgate::sim
