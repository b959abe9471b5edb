#ifndef OTPGATE_SERVER_DOMAIN_SESSION_COMMANDS_H_
#define OTPGATE_SERVER_DOMAIN_SESSION_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "server/domain/events.h"
#include "server/errors/reason.h"
#include "storage/session_types.h"

namespace otpgate::domain {

// Who changes a session or an account.
struct Actor {
  std::string caller;  // id of the calling service
  std::string ip;      // end user's address when the caller may forward it, else empty
  AuditId audit_id;    // new
};

// Presents a refresh token whose MAC was already checked.
struct RotateSession {
  storage::AccountKey session;
  int64_t generation = 0;      // of the token
  std::string request_id;      // 16 bytes; empty: none
  std::string refresh_key_id;  // the key for tokens made now
  Actor actor;
};

struct EndSession {
  storage::AccountKey session;
  storage::RevokedReason reason = storage::RevokedReason::kLogout;
  Actor actor;
};

// Asks whether a refresh token would be accepted. Changes nothing.
struct InspectSession {
  storage::AccountKey session;
  int64_t generation = 0;  // of the token
};

using SessionCommand = std::variant<RotateSession, EndSession, InspectSession>;

struct SessionReply {
  errors::Reason reason = errors::Reason::kUnspecified;  // kUnspecified: done
  absl::Time now;                                        // of the decision
  // None: nothing changed. kTokenFromFuture changes nothing either: the token is newer than its
  // row, so the database lost data.
  std::optional<Event> event;
  bool replayed = false;          // an earlier call got the same token
  storage::SessionState session;  // as it is now
  bool ok() const { return reason == errors::Reason::kUnspecified; }
};

// Ends all sessions of an account by incrementing its token version.
struct EndAllSessions {
  UserId user;
  // Applies only while the account has this token version, so that a repeat changes nothing.
  // Negative: always.
  int token_version = -1;
  storage::RevokedReason reason = storage::RevokedReason::kUser;  // for the audit
  Actor actor;
};

// Disables or enables an account; disabling also ends all its sessions.
struct SetUserStatus {
  UserId user;
  bool disabled = false;
  Actor actor;
};

using UserCommand = std::variant<EndAllSessions, SetUserStatus>;

struct UserReply {
  bool found = false;
  std::optional<Event> event;  // none: nothing changed
  storage::Account account;    // as it is now
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_SESSION_COMMANDS_H_
