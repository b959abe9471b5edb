#include "server/domain/user_rules.h"

#include <string>
#include <utility>

#include "server/domain/events.h"

namespace otpgate::domain {
namespace {

UserReply Current(const storage::UserState& state) {
  return {.found = !state.account.id.empty(), .event = std::nullopt, .account = state.account};
}

Decision<UserReply> Changed(const UserId& user, const Actor& actor, Event event, std::string detail,
                            absl::Time now, const storage::UserState& state,
                            storage::UserEffects& effects) {
  storage::AuditEvent audit = MakeAudit(actor, event, std::move(detail), now);
  audit.user_id = user;
  effects.audit.push_back(std::move(audit));
  Decision<UserReply> decision{.reply = Current(state), .changed = true};
  decision.reply.event = event;
  return decision;
}

bool IsDone(const EndAllSessions& command, const storage::UserState& state) {
  return command.token_version >= 0 && state.account.token_version != command.token_version;
}

bool IsDone(const SetUserStatus& command, const storage::UserState& state) {
  return state.account.disabled == command.disabled;
}

Decision<UserReply> Apply(const EndAllSessions& command, absl::Time now, storage::UserState& state,
                          storage::UserEffects& effects) {
  ++state.account.token_version;
  return Changed(command.user, command.actor, Event::kSessionsRevoked,
                 std::string(NameOf(command.reason)), now, state, effects);
}

// Enabling keeps the token version, so it brings no session back.
Decision<UserReply> Apply(const SetUserStatus& command, absl::Time now, storage::UserState& state,
                          storage::UserEffects& effects) {
  state.account.disabled = command.disabled;
  if (command.disabled) ++state.account.token_version;
  return Changed(command.user, command.actor,
                 command.disabled ? Event::kUserDisabled : Event::kUserEnabled, "", now, state,
                 effects);
}

}  // namespace

const UserId& UserRules::KeyOf(const Command& command) {
  return std::visit([](const auto& c) -> const UserId& { return c.user; }, command);
}

Decision<UserReply> UserRules::Decide(const Command& command, absl::Time now,
                                      storage::UserState& state,
                                      storage::UserEffects& effects) const {
  return std::visit(
      [&](const auto& c) -> Decision<UserReply> {
        if (state.account.id.empty() || IsDone(c, state)) return {Current(state)};
        return Apply(c, now, state, effects);
      },
      command);
}

std::optional<UserReply> UserRules::Recall(const Command& command, absl::Time,
                                           const storage::UserState& state) const {
  if (state.account.id.empty()) return std::nullopt;
  const bool done = std::visit([&](const auto& c) { return IsDone(c, state); }, command);
  if (!done) return std::nullopt;
  return Current(state);
}

}  // namespace otpgate::domain
