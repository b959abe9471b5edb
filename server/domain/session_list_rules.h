#ifndef OTPGATE_SERVER_DOMAIN_SESSION_LIST_RULES_H_
#define OTPGATE_SERVER_DOMAIN_SESSION_LIST_RULES_H_

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/active_session.h"
#include "server/domain/decision.h"
#include "storage/session_types.h"

namespace otpgate::domain {

// Of an account that is enabled.
struct ListSessions {
  UserId user;
  int token_version = 0;                 // of the account
  std::optional<absl::Time> not_before;  // the global sign-out
};

struct ListSessionsReply {
  std::vector<storage::SessionInfo> sessions;  // the active ones, oldest first
};

// The rule of listing an account's sessions, for the engine. Read only; stateless and thread-safe.
class SessionListRules {
 public:
  using Aggregate = storage::SessionList;
  using Command = ListSessions;
  using Reply = ListSessionsReply;

  static const UserId& KeyOf(const ListSessions& command) { return command.user; }
  static void AddToAsk(const ListSessions&, storage::SessionList::Ask&) {}

  static ListSessionsReply Answer(const ListSessions& command, absl::Time now,
                                  const storage::SessionListState& state) {
    ListSessionsReply reply;
    for (const storage::SessionInfo& session : state.sessions) {
      if (IsActive(session, command.token_version, command.not_before, now)) {
        reply.sessions.push_back(session);
      }
    }
    return reply;
  }
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_SESSION_LIST_RULES_H_
