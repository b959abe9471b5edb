#ifndef OTPGATE_SERVER_DOMAIN_SESSION_RULES_H_
#define OTPGATE_SERVER_DOMAIN_SESSION_RULES_H_

#include <optional>

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "server/domain/session_commands.h"

namespace otpgate {

struct SessionPolicy {
  absl::Duration idle = absl::Hours(24 * 14);
  // How long the token before the current one still gets the current one, for clients that lost the
  // answer (FAPI 2.0 Security Profile 5.3.2.1).
  absl::Duration grace = absl::Seconds(10);
};

// Whether a session may still be used, the generation aside: not revoked, account active and of the
// token version the session was born with, not older than the global sign-out, within idle and
// absolute end.
bool IsAlive(const SessionState& session, absl::Time now);

// The life of a refresh-token family, as the engine calls it. A token of the current generation
// rotates it; the one before gets the current one again, within the grace period or by the
// request_id that made it; anything older was stolen or kept by mistake, and ends the family
// (RFC 9700 4.14.2). Immutable, so thread-safe.
class SessionRules {
 public:
  using Aggregate = Session;
  using Command = SessionCommand;
  using Reply = SessionReply;

  explicit SessionRules(SessionPolicy policy) : policy_(policy) {}

  static const AccountKey& KeyOf(const Command& command);
  static absl::Time NewestTime(const SessionState& state);
  static void Touch(SessionState&, absl::Time) {}
  static void AddToAsk(const Command&, SessionAsk&) {}

  Decision<SessionReply> Decide(const Command& command, absl::Time now, SessionState& state,
                                SessionEffects& effects) const;
  // What the row tells of a change whose COMMIT got no answer.
  std::optional<SessionReply> Recall(const Command& command, absl::Time now,
                                     const SessionState& state) const;

 private:
  const SessionPolicy policy_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_SESSION_RULES_H_
