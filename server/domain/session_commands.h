#ifndef OTPGATE_SERVER_DOMAIN_SESSION_COMMANDS_H_
#define OTPGATE_SERVER_DOMAIN_SESSION_COMMANDS_H_

#include <cstdint>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "server/errors/reason.h"
#include "storage/session_types.h"

namespace otpgate {

// Who changes a session or an account.
struct Actor {
  std::string caller;  // id of the calling client
  std::string ip;      // end user's address when the caller may say it, else empty
  AuditId audit_id;    // drawn
};

// A refresh token of ours came in: its MAC was right.
struct RotateSession {
  AccountKey session;
  int64_t generation = 0;      // of the token
  std::string request_id;      // 16 bytes; empty: none
  std::string refresh_key_id;  // the key for tokens made now
  Actor actor;
};

struct EndSession {
  AccountKey session;
  std::string why;  // SessionState::revoked_reason
  Actor actor;
};

// Would a refresh token be accepted? Changes nothing.
struct InspectSession {
  AccountKey session;
  int64_t generation = 0;  // of the token
};

using SessionCommand = std::variant<RotateSession, EndSession, InspectSession>;

struct SessionReply {
  Reason reason = Reason::kUnspecified;  // kUnspecified: done
  absl::Time now;                        // of the decision
  std::string event;         // name in log lines and in the audit; empty: nothing changed
  bool replayed = false;     // the successor that was made before
  bool from_future = false;  // a token newer than the row: the database lost data
  SessionState session;      // as it is now
  bool ok() const { return reason == Reason::kUnspecified; }
};

// Ends everything an account is signed in to: token_version + 1.
struct EndAllSessions {
  UserId user;
  // Only if the account still has this token version: whoever asks again after it went up finds
  // that it is done. Negative: whatever it has.
  int token_version = -1;
  std::string why;  // for the audit: "user", "admin"
  Actor actor;
};

// Disables or enables; disabling ends all sessions too.
struct SetUserStatus {
  UserId user;
  bool disabled = false;
  Actor actor;
};

using UserCommand = std::variant<EndAllSessions, SetUserStatus>;

struct UserReply {
  bool found = false;
  std::string event;  // empty: nothing changed
  Account account;    // as it is now
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_SESSION_COMMANDS_H_
