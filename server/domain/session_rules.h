#ifndef OTPGATE_SERVER_DOMAIN_SESSION_RULES_H_
#define OTPGATE_SERVER_DOMAIN_SESSION_RULES_H_

#include <optional>

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "server/domain/session_commands.h"
#include "server/domain/session_policy.h"

namespace otpgate::domain {

// The outcome of a presented token, from the reply to RotateSession.
RefreshOutcome OutcomeOf(const SessionReply& reply);

// The rules of a refresh-token family, for the engine. A token of the current generation rotates
// the session. The previous token gets the current one again, within the grace period or with the
// request_id that made it. Any other older token was stolen or kept by mistake, and ends the
// session (RFC 9700 4.14.2). Immutable, so thread-safe.
class SessionRules {
 public:
  using Aggregate = storage::Session;
  using Command = SessionCommand;
  using Reply = SessionReply;

  explicit SessionRules(SessionPolicy policy) : policy_(policy) {}

  static const storage::AccountKey& KeyOf(const Command& command);
  static absl::Time NewestTime(const storage::SessionState& state);
  static void Touch(storage::SessionState&, absl::Time) {}
  static void AddToAsk(const Command&, storage::SessionAsk&) {}

  Decision<SessionReply> Decide(const Command& command, absl::Time now,
                                storage::SessionState& state,
                                storage::SessionEffects& effects) const;
  // The reply of a command whose COMMIT got no answer, if the row shows that it was applied.
  std::optional<SessionReply> Recall(const Command& command, absl::Time now,
                                     const storage::SessionState& state) const;

 private:
  const SessionPolicy policy_;
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_SESSION_RULES_H_
