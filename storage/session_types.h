#ifndef OTPGATE_STORAGE_SESSION_TYPES_H_
#define OTPGATE_STORAGE_SESSION_TYPES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/runtime/id.h"
#include "storage/types.h"

// The aggregates of what a sign-in leaves behind: one device, and the account it belongs to. Both
// are born with a subject; here they only change, and a write never brings a removed row back.
namespace otpgate {

// One signed-in device: a refresh-token family.
struct SessionState {
  // The guarded row; what cannot change any more is left where it is.
  std::string key_id;  // the key of the current refresh token
  int generation = 0;  // of the current refresh token
  int token_version = 0;
  absl::Time created_at;
  absl::Time idle_expires_at;
  absl::Time absolute_expires_at;
  std::string caller;  // the client it was opened through
  std::string amr;
  std::optional<absl::Time> rotated_at;  // when the current generation came; none: with the session
  // request_ids of the calls that made the current generation and those before it, the newest
  // first: 16 bytes each, zero where none was sent, at most 64. Empty at generation 0.
  std::string rotated_by;
  std::optional<absl::Time> revoked_at;
  std::string revoked_reason;  // "logout", "user", "reuse", "admin", "key"; empty: not revoked
  // Read along, only compared.
  std::optional<Account> account;
  std::optional<absl::Time> not_before;  // sessions that began earlier are over

  // When it was last used.
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

// All sessions of an account that were not revoked, oldest first; read only.
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

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_SESSION_TYPES_H_
