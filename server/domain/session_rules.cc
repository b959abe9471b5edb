#include "server/domain/session_rules.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/domain/active_session.h"
#include "server/domain/events.h"

namespace otpgate::domain {
namespace {

// A missing row is read as an empty state.
bool Exists(const storage::SessionState& session) { return !session.key_id.empty(); }

SessionReply Current(const storage::SessionState& session, absl::Time now) {
  SessionReply reply;
  reply.now = now;
  reply.session = session;
  return reply;
}

SessionReply Refused(errors::Reason reason, absl::Time now) {
  SessionReply reply;
  reply.reason = reason;
  reply.now = now;
  return reply;
}

SessionReply Repeated(const storage::SessionState& session, absl::Time now) {
  SessionReply reply = Current(session, now);
  reply.replayed = true;
  return reply;
}

void Revoke(const storage::AccountKey& key, const Actor& actor, Event event,
            storage::RevokedReason reason, absl::Time now, storage::SessionState& session,
            storage::SessionEffects& effects) {
  session.revoked_at = now;
  session.revoked_reason = reason;
  storage::AuditEvent audit = MakeAudit(actor, event, std::string(NameOf(reason)), now);
  audit.user_id = key.user_id;
  audit.session_id = key.session_id;
  effects.audit.push_back(std::move(audit));
}

constexpr size_t kIdBytes = 16;
constexpr size_t kIdsKept = 4;

// Whether this call already replaced the token: its request_id made the next generation.
bool IsDuplicate(const RotateSession& command, const storage::SessionState& session) {
  if (command.request_id.empty() || command.generation >= session.generation) return false;
  const auto age = static_cast<size_t>(session.generation - command.generation - 1);
  return age < session.rotated_by.size() / kIdBytes &&
         session.rotated_by.compare(age * kIdBytes, kIdBytes, command.request_id) == 0;
}

// Whether the request_id was used with another token.
bool IsIdReused(const RotateSession& command, const storage::SessionState& session) {
  for (size_t at = 0; at < session.rotated_by.size() && !command.request_id.empty();
       at += kIdBytes) {
    if (session.rotated_by.compare(at, kIdBytes, command.request_id) == 0) return true;
  }
  return false;
}

// Whether this is the previous token, from a caller that may have lost the answer.
bool MayBeRepeated(const SessionPolicy& policy, const RotateSession& command,
                   const storage::SessionState& session, absl::Time now) {
  if (command.generation + 1 != session.generation || !session.rotated_at) return false;
  return IsDuplicate(command, session) || now < *session.rotated_at + policy.grace;
}

void Rotate(const SessionPolicy& policy, const RotateSession& command, absl::Time now,
            storage::SessionState& session) {
  ++session.generation;
  session.key_id = command.refresh_key_id;
  session.rotated_at = now;
  const std::string id =
      command.request_id.empty() ? std::string(kIdBytes, '\0') : command.request_id;
  session.rotated_by = (id + session.rotated_by).substr(0, kIdsKept * kIdBytes);
  session.idle_expires_at = std::min(now + policy.idle, session.absolute_expires_at);
}

Decision<SessionReply> DecideRotation(const SessionPolicy& policy, const RotateSession& command,
                                      absl::Time now, storage::SessionState& session,
                                      storage::SessionEffects& effects) {
  if (!Exists(session) || !IsActive(session, now))
    return {Refused(errors::Reason::kTokenInvalid, now)};
  // The token was issued to another calling service (RFC 6749 10.4).
  if (command.actor.caller != session.caller) return {Refused(errors::Reason::kTokenInvalid, now)};
  if (command.generation > session.generation) {
    SessionReply reply = Refused(errors::Reason::kTokenInvalid, now);
    reply.event = Event::kTokenFromFuture;
    return {reply};
  }
  if (MayBeRepeated(policy, command, session, now)) return {Repeated(session, now)};
  // A late duplicate, overtaken by its own retry and the next refresh. No theft.
  if (IsDuplicate(command, session)) return {Refused(errors::Reason::kRequestSuperseded, now)};
  if (command.generation < session.generation) {
    Revoke(command.session, command.actor, Event::kTokenReuse, storage::RevokedReason::kReuse, now,
           session, effects);
    Decision<SessionReply> decision{.reply = Refused(errors::Reason::kTokenInvalid, now),
                                    .changed = true};
    decision.reply.event = Event::kTokenReuse;
    return decision;
  }
  if (IsIdReused(command, session)) return {Refused(errors::Reason::kRequestIdReused, now)};
  Decision<SessionReply> decision;
  decision.changed = true;
  decision.valid_until = std::min(session.idle_expires_at, session.absolute_expires_at);
  Rotate(policy, command, now, session);
  decision.reply = Current(session, now);
  decision.reply.event = Event::kTokenRefreshed;
  return decision;
}

Decision<SessionReply> DecideEnd(const EndSession& command, absl::Time now,
                                 storage::SessionState& session, storage::SessionEffects& effects) {
  if (!Exists(session) || session.revoked_at) return {Current(session, now)};
  Revoke(command.session, command.actor, Event::kSessionRevoked, command.reason, now, session,
         effects);
  Decision<SessionReply> decision{.reply = Current(session, now), .changed = true};
  decision.reply.event = Event::kSessionRevoked;
  return decision;
}

Decision<SessionReply> DecideInspection(const SessionPolicy& policy, const InspectSession& command,
                                        absl::Time now, const storage::SessionState& session) {
  const RotateSession as_if{command.session, command.generation, {}, {}, {}};
  const bool good =
      Exists(session) && IsActive(session, now) &&
      (command.generation == session.generation || MayBeRepeated(policy, as_if, session, now));
  return {good ? Current(session, now) : Refused(errors::Reason::kTokenInvalid, now)};
}

}  // namespace

RefreshOutcome OutcomeOf(const SessionReply& reply) {
  if (reply.event == Event::kTokenFromFuture) return RefreshOutcome::kFromFuture;
  if (reply.event == Event::kTokenReuse) return RefreshOutcome::kReuse;
  if (reply.reason == errors::Reason::kRequestSuperseded) return RefreshOutcome::kSuperseded;
  if (!reply.ok()) return RefreshOutcome::kRefused;
  return reply.replayed ? RefreshOutcome::kRepeated : RefreshOutcome::kRotated;
}

const storage::AccountKey& SessionRules::KeyOf(const Command& command) {
  return std::visit([](const auto& c) -> const storage::AccountKey& { return c.session; }, command);
}

absl::Time SessionRules::NewestTime(const storage::SessionState& state) {
  if (!Exists(state)) return absl::UnixEpoch();
  return std::max({state.created_at, state.rotated_at.value_or(state.created_at),
                   state.revoked_at.value_or(state.created_at)});
}

Decision<SessionReply> SessionRules::Decide(const Command& command, absl::Time now,
                                            storage::SessionState& state,
                                            storage::SessionEffects& effects) const {
  if (const auto* rotation = std::get_if<RotateSession>(&command)) {
    return DecideRotation(policy_, *rotation, now, state, effects);
  }
  if (const auto* end = std::get_if<EndSession>(&command)) {
    return DecideEnd(*end, now, state, effects);
  }
  return DecideInspection(policy_, std::get<InspectSession>(command), now, state);
}

std::optional<SessionReply> SessionRules::Recall(const Command& command, absl::Time now,
                                                 const storage::SessionState& state) const {
  if (!Exists(state)) return std::nullopt;
  if (const auto* rotation = std::get_if<RotateSession>(&command)) {
    if (IsActive(state, now) && MayBeRepeated(policy_, *rotation, state, now)) {
      return Repeated(state, now);
    }
    return std::nullopt;
  }
  if (std::holds_alternative<EndSession>(command) && state.revoked_at) return Current(state, now);
  return std::nullopt;
}

}  // namespace otpgate::domain
