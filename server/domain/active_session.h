#ifndef OTPGATE_SERVER_DOMAIN_ACTIVE_SESSION_H_
#define OTPGATE_SERVER_DOMAIN_ACTIVE_SESSION_H_

#include <optional>

#include "absl/time/time.h"
#include "storage/session_types.h"
#include "storage/types.h"

// When a session is active. The only other definition is the SQL of `otpgatectl sessions list`.
namespace otpgate::domain {

inline bool IsRevoked(const storage::SessionState& session) {
  return session.revoked_at.has_value();
}
inline bool IsRevoked(const storage::RecordedSession& session) { return session.revoked; }
// A list holds no revoked sessions.
inline bool IsRevoked(const storage::SessionInfo&) { return false; }

// Whether a session of an enabled account may be used, whatever the generation of its token: it is
// neither revoked, nor past its idle or absolute end, nor older than the global sign-out
// `not_before`, and has the token version of its account. Pure.
template <class Session>
bool IsActive(const Session& session, int account_token_version,
              const std::optional<absl::Time>& not_before, absl::Time now) {
  return !IsRevoked(session) && session.token_version == account_token_version &&
         (!not_before || session.created_at >= *not_before) && now < session.idle_expires_at &&
         now < session.absolute_expires_at;
}

// The same for a session whose account may be disabled or missing: then it is not active.
inline bool IsActive(const storage::SessionState& session, absl::Time now) {
  return session.account && !session.account->disabled &&
         IsActive(session, session.account->token_version, session.not_before, now);
}

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_ACTIVE_SESSION_H_
