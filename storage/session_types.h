#ifndef OTPGATE_STORAGE_SESSION_TYPES_H_
#define OTPGATE_STORAGE_SESSION_TYPES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/id.h"
#include "storage/types.h"

// The aggregates that a sign-in creates: a session, which is one signed-in device, and the account
// it belongs to. A write of a subject inserts both; the writes here only change them, and never
// bring a removed row back.
namespace otpgate::storage {

// One signed-in device: a refresh-token family.
struct SessionState {
  // The guarded row. A write changes the columns that kSessionsTable calls guarded.
  std::string key_id;  // the key of the current refresh token
  int generation = 0;  // of the current refresh token
  int token_version = 0;
  absl::Time created_at;
  absl::Time idle_expires_at;
  absl::Time absolute_expires_at;
  std::string caller;  // the calling service it was opened through
  std::string amr;
  std::optional<absl::Time> rotated_at;  // start of the current generation; none: generation 0
  // Idempotency keys of the calls that made the current generation and those before it, the newest
  // first: 16 bytes each, zero for a call without one, at most 64 bytes. Empty at generation 0.
  std::string rotated_by;
  std::optional<absl::Time> revoked_at;
  RevokedReason revoked_reason = RevokedReason::kNone;
  // Loaded with the row and only compared; a write ignores them.
  std::optional<Account> account;
  std::optional<absl::Time> not_before;  // sessions that began earlier are over

  // The last use of the session.
  absl::Time last_seen_at() const { return rotated_at.value_or(created_at); }
  friend bool operator==(const SessionState&, const SessionState&) = default;
};

struct SessionEffects {
  std::vector<AuditEvent> audit;
};

struct SessionAsk {
  AccountKey key;
};

struct Session {
  using Key = AccountKey;
  using State = SessionState;
  using Effects = SessionEffects;
  using Ask = SessionAsk;
};

// The account itself: status and token version.
struct UserState {
  Account account;

  friend bool operator==(const UserState&, const UserState&) = default;
};

struct UserEffects {
  std::vector<AuditEvent> audit;
};

struct UserAsk {
  UserId key;
};

struct User {
  using Key = UserId;
  using State = UserState;
  using Effects = UserEffects;
  using Ask = UserAsk;
};

// A session as ListSessions shows it.
struct SessionInfo {
  SessionId id;
  absl::Time created_at;
  absl::Time last_seen_at;
  absl::Time idle_expires_at;
  absl::Time absolute_expires_at;
  int token_version = 0;
  std::string caller;
  std::string device_info;
  std::string ip;
  std::string amr;

  friend bool operator==(const SessionInfo&, const SessionInfo&) = default;
};
// All sessions of an account that are not revoked, oldest first; read only.
struct SessionListState {
  std::vector<SessionInfo> sessions;
};
struct SessionList {
  using Key = UserId;
  using State = SessionListState;
  struct Ask {
    UserId key;
  };
};

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_SESSION_TYPES_H_
