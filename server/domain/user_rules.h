#ifndef OTPGATE_SERVER_DOMAIN_USER_RULES_H_
#define OTPGATE_SERVER_DOMAIN_USER_RULES_H_

#include <optional>

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "server/domain/session_commands.h"

namespace otpgate {

// Force logout and disabling, as the engine calls them: one guarded row, compared by every session
// that was born before. Stateless and thread-safe.
class UserRules {
 public:
  using Aggregate = User;
  using Command = UserCommand;
  using Reply = UserReply;

  static const UserId& KeyOf(const Command& command);
  static absl::Time NewestTime(const UserState&) { return absl::UnixEpoch(); }
  static void Touch(UserState&, absl::Time) {}
  static void AddToAsk(const Command&, UserAsk&) {}

  Decision<UserReply> Decide(const Command& command, absl::Time now, UserState& state,
                             UserEffects& effects) const;
  std::optional<UserReply> Recall(const Command& command, absl::Time now,
                                  const UserState& state) const;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_USER_RULES_H_
