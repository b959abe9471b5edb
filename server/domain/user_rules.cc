#include "server/domain/user_rules.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace otpgate {
namespace {

UserReply Current(const UserState& state) {
  return {.found = !state.account.id.empty(), .event = {}, .account = state.account};
}

Decision<UserReply> Changed(const UserId& user, const Actor& actor, const std::string& event,
                            std::string detail, absl::Time now, const UserState& state,
                            UserEffects& effects) {
  effects.audit.push_back({.id = actor.audit_id,
                           .event = event,
                           .at = now,
                           .caller = actor.caller,
                           .ip = actor.ip,
                           .detail = std::move(detail),
                           .otp_id = {},
                           .user_id = user,
                           .session_id = {}});
  Decision<UserReply> decision{.reply = Current(state), .changed = true};
  decision.reply.event = event;
  return decision;
}

bool IsDone(const EndAllSessions& command, const UserState& state) {
  return command.token_version >= 0 && state.account.token_version != command.token_version;
}

bool IsDone(const SetUserStatus& command, const UserState& state) {
  return state.account.disabled == command.disabled;
}

Decision<UserReply> Apply(const EndAllSessions& command, absl::Time now, UserState& state,
                          UserEffects& effects) {
  ++state.account.token_version;
  return Changed(command.user, command.actor, "SESSIONS_REVOKED", command.why, now, state, effects);
}

// Enabling brings no session back: the token version stays.
Decision<UserReply> Apply(const SetUserStatus& command, absl::Time now, UserState& state,
                          UserEffects& effects) {
  state.account.disabled = command.disabled;
  if (command.disabled) ++state.account.token_version;
  return Changed(command.user, command.actor, command.disabled ? "USER_DISABLED" : "USER_ENABLED",
                 "", now, state, effects);
}

}  // namespace

const UserId& UserRules::KeyOf(const Command& command) {
  return std::visit([](const auto& c) -> const UserId& { return c.user; }, command);
}

Decision<UserReply> UserRules::Decide(const Command& command, absl::Time now, UserState& state,
                                      UserEffects& effects) const {
  return std::visit(
      [&](const auto& c) -> Decision<UserReply> {
        if (state.account.id.empty() || IsDone(c, state)) return {Current(state)};
        return Apply(c, now, state, effects);
      },
      command);
}

std::optional<UserReply> UserRules::Recall(const Command& command, absl::Time,
                                           const UserState& state) const {
  if (state.account.id.empty()) return std::nullopt;
  const bool done = std::visit([&](const auto& c) { return IsDone(c, state); }, command);
  if (!done) return std::nullopt;
  return Current(state);
}

}  // namespace otpgate
