#ifndef OTPGATE_SERVER_DOMAIN_USER_RULES_H_
#define OTPGATE_SERVER_DOMAIN_USER_RULES_H_

#include <optional>

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "server/domain/session_commands.h"

namespace otpgate::domain {

// The rules of ending all sessions of an account and of disabling it, for the engine. They change
// one row, the account's, with which every session is compared. Stateless and thread-safe.
class UserRules {
 public:
  using Aggregate = storage::User;
  using Command = UserCommand;
  using Reply = UserReply;

  static const UserId& KeyOf(const Command& command);
  static absl::Time NewestTime(const storage::UserState&) { return absl::UnixEpoch(); }
  static void Touch(storage::UserState&, absl::Time) {}
  static void AddToAsk(const Command&, storage::UserAsk&) {}

  Decision<UserReply> Decide(const Command& command, absl::Time now, storage::UserState& state,
                             storage::UserEffects& effects) const;
  std::optional<UserReply> Recall(const Command& command, absl::Time now,
                                  const storage::UserState& state) const;
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_USER_RULES_H_
