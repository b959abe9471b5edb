#ifndef OTPGATE_STORAGE_TYPES_H_
#define OTPGATE_STORAGE_TYPES_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/id.h"

// The rows of the database as plain structs. Times are whole microseconds; texts are UTF-8 without
// NUL; byte strings may hold anything. storage/row_limits.h checks what the schema checks.
namespace otpgate::storage {

enum class UserType : uint8_t { kLive = 1, kDemo = 2 };
enum class Purpose : uint8_t {
  kLogin = 1,
  kVerifyPhone = 2,
  kVerifyEmail = 3,
  kVerification = 4,  // proof for a calling service; no account
};
inline constexpr Purpose kPurposes[] = {Purpose::kLogin, Purpose::kVerifyPhone,
                                        Purpose::kVerifyEmail, Purpose::kVerification};
enum class Channel : uint8_t { kSms = 1, kEmail = 2 };
// The table that holds a code.
enum class CodeTable : uint8_t {
  kSignupOtps = 1,   // `login` of an identifier without an account
  kOtpSessions = 2,  // every other code
};
// Why a session was ended before its time.
enum class RevokedReason : uint8_t {
  kNone = 0,    // it was not
  kLogout = 1,  // by a token of its own
  kUser = 2,    // from another session of the account
  kReuse = 3,   // a replaced refresh token came back
  kAdmin = 4,
  kKey = 5,  // its refresh-token key was destroyed
};
// The state in which a message is inserted.
enum class MessageState : uint8_t { kPending = 1, kSuppressed = 2 };

// The names in the database and in log lines: "live", "verify_phone", "sms". That of
// RevokedReason::kNone is empty.
absl::string_view NameOf(UserType type);
absl::string_view NameOf(Purpose purpose);
absl::string_view NameOf(Channel channel);
absl::string_view NameOf(CodeTable table);
absl::string_view NameOf(RevokedReason reason);
absl::string_view NameOf(MessageState state);
std::optional<UserType> UserTypeFrom(absl::string_view name);
std::optional<Purpose> PurposeFrom(absl::string_view name);
std::optional<RevokedReason> RevokedReasonFrom(absl::string_view name);

// False for a value that is none of the enumerators.
bool IsKnown(UserType type);
bool IsKnown(Purpose purpose);
bool IsKnown(Channel channel);
bool IsKnown(CodeTable table);
bool IsKnown(RevokedReason reason);
bool IsKnown(MessageState state);

// Version of a guarded row: random, new for each write attempt; 0: there is no row. It guards the
// next write, and tells after a lost answer whether the attempt was committed.
using Version = int64_t;

// ---- subject: owns codes, failures and send limits ----------------------------------------------

struct SubjectKey {
  std::string identifier;  // canonical E.164 number or canonical e-mail address
  UserType user_type = UserType::kLive;

  friend bool operator==(const SubjectKey&, const SubjectKey&) = default;
  // The order in which every batch locks.
  friend bool operator<(const SubjectKey& a, const SubjectKey& b) {
    return std::tie(a.identifier, a.user_type) < std::tie(b.identifier, b.user_type);
  }
  template <class H>
  friend H AbslHashValue(H h, const SubjectKey& key) {
    return H::combine(std::move(h), key.identifier, key.user_type);
  }
};

// A pending or consumed code. The code itself is never stored, only its MAC.
struct Code {
  CodeTable table = CodeTable::kSignupOtps;
  Purpose purpose = Purpose::kLogin;
  OtpId id;
  std::string mac;     // 32 bytes: HMAC over purpose, identifier, user_type, id and code
  std::string key_id;  // of the pepper
  int attempts = 0;    // evaluated wrong guesses
  bool bound = true;   // evaluated only for the holder of the handle
  absl::Time created_at;
  absl::Time expires_at;
  std::optional<absl::Time> verified_at;  // consumed
  UserId user_id;  // verify_*: the account that asked; a consumed login code: the one it signed in

  friend bool operator==(const Code&, const Code&) = default;
};

// A row of `users`.
struct Account {
  UserId id;
  UserType user_type = UserType::kLive;
  bool disabled = false;
  int token_version = 0;
  absl::Time created_at;

  friend bool operator==(const Account&, const Account&) = default;
};

// A row of `identities`: leads from an account to its identifiers.
struct Identity {
  UserId user_id;
  SubjectKey subject;
  absl::Time verified_at;

  friend bool operator==(const Identity&, const Identity&) = default;
};

// A row of `sessions` as a login inserts it, at generation 0.
struct NewSession {
  UserId user_id;
  SessionId id;
  std::string key_id;  // of the refresh-token key
  int token_version = 0;
  absl::Time created_at;
  absl::Time idle_expires_at;
  absl::Time absolute_expires_at;
  std::string caller;       // calling service; the client_id claim of access tokens
  std::string device_info;  // at most 512 bytes, as the device describes itself
  std::string ip;           // end user's address if the caller may pass it on, else empty
  std::string amr;          // authentication method (RFC 8176): "sms" or "email"

  friend bool operator==(const NewSession&, const NewSession&) = default;
};

// ---- idempotency --------------------------------------------------------------------------------

// Key of a row of `requests` within its subject.
struct RequestKey {
  std::string caller;      // id of the calling service
  std::string method;      // "VerifyOtp"
  std::string request_id;  // the idempotency key: a UUID, 16 bytes

  friend bool operator==(const RequestKey&, const RequestKey&) = default;
  template <class H>
  friend H AbslHashValue(H h, const RequestKey& key) {
    return H::combine(std::move(h), key.caller, key.method, key.request_id);
  }
};

// The recorded outcome of a call, for repeats with the same key. Holds references, never a code or
// a token.
struct RequestRecord {
  RequestKey key;
  std::string fingerprint;  // 34 to 49 bytes: key id and keyed MAC of the canonical payload
  int reason = 0;           // 0: success, else the number of a Reason
  OtpId otp_id;
  std::optional<absl::Time> expires_at;  // of the code
  std::optional<int> attempts_remaining;
  UserId user_id;
  SessionId session_id;
  bool new_user = false;
  absl::Time created_at;

  friend bool operator==(const RequestRecord&, const RequestRecord&) = default;
};

// What a load returns of the session that a record refers to.
struct RecordedSession {
  int generation = 0;
  bool revoked = false;
  std::string key_id;
  int token_version = 0;
  absl::Time created_at;
  absl::Time idle_expires_at = absl::InfiniteFuture();
  absl::Time absolute_expires_at;
  std::string amr;

  friend bool operator==(const RecordedSession&, const RecordedSession&) = default;
};

// ---- effects: rows that a write inserts or upserts ----------------------------------------------

// A row of `outbox` as it is inserted. The dispatcher sends it only while the code it carries is
// the pending one (same MAC, not expired, not consumed).
struct Message {
  MessageId id;
  OtpId otp_id;
  std::string code_mac;
  CodeTable table = CodeTable::kSignupOtps;
  Purpose purpose = Purpose::kLogin;
  Channel channel = Channel::kSms;
  MessageState state = MessageState::kPending;
  std::string sealed;  // destination, code and locale, encrypted with AES-256-GCM
  absl::Time created_at;
  absl::Time expires_at;  // of the code

  friend bool operator==(const Message&, const Message&) = default;
};

// A row of `audit_events`.
struct AuditEvent {
  AuditId id;
  std::string event;  // for example SIGNUP_OTP_CREATED
  absl::Time at;
  std::string caller;
  std::string ip;
  std::string detail;  // short machine-readable text without a secret: "wrong_code", "reason=..."
  OtpId otp_id;
  UserId user_id;
  SessionId session_id;

  friend bool operator==(const AuditEvent&, const AuditEvent&) = default;
};

// ---- aggregates: one guarded row and all rows it owns -------------------------------------------

struct SubjectState {
  // The guarded row.
  UserId user_id;    // empty: no account yet
  int failures = 0;  // consecutive evaluated wrong guesses; a resend does not reset them
  std::optional<absl::Time> blocked_until;
  std::optional<absl::Time> disabled_at;
  std::optional<absl::Time> last_success_at;
  std::vector<absl::Time> recent_sends;       // requests in the longest window, oldest first
  std::vector<absl::Time> recent_resends;     // the same of resends
  absl::Time updated_at = absl::UnixEpoch();  // newest time in the row: `now` never falls below it
  // Owned rows: at most one per (table, purpose).
  std::vector<Code> codes;
  // Loaded with the row if the ask wanted them, and only compared; a write ignores them.
  std::vector<std::pair<RequestRecord, std::optional<RecordedSession>>> requests;
  std::optional<Account> account;    // of user_id
  std::vector<Identity> identities;  // of user_id
  // Newest success on another identity of the account. Loaded whenever the subject is disabled,
  // whatever the ask wanted.
  std::optional<absl::Time> other_success_at;

  friend bool operator==(const SubjectState&, const SubjectState&) = default;
};

struct SubjectEffects {
  std::optional<Account> new_account;
  std::optional<Identity> new_identity;  // upserted
  std::vector<NewSession> sessions;
  std::vector<Message> messages;
  std::vector<RequestRecord> requests;  // upserted; at most one per key
  std::vector<AuditEvent> audit;
};

struct SubjectAsk {
  SubjectKey key;
  bool account = false;  // also load account and identities
  std::vector<RequestKey> requests;
};

struct Subject {
  using Key = SubjectKey;
  using State = SubjectState;
  using Effects = SubjectEffects;
  using Ask = SubjectAsk;
};

// A shared limit: one GCRA cell (theoretical arrival time).
struct BucketState {
  absl::Time tat = absl::UnixEpoch();
  absl::Time updated_at = absl::UnixEpoch();

  friend bool operator==(const BucketState&, const BucketState&) = default;
};
struct BucketEffects {};
struct BucketAsk {
  std::string key;  // "ip:203.0.113.7/32"
};
struct Bucket {
  using Key = std::string;
  using State = BucketState;
  using Effects = BucketEffects;
  using Ask = BucketAsk;
};

// The account and session of a bearer: read only, compared with the claims of an access token.
struct AccountKey {
  UserId user_id;
  SessionId session_id;

  friend bool operator==(const AccountKey&, const AccountKey&) = default;
  friend bool operator<(const AccountKey& a, const AccountKey& b) {
    return std::tie(a.user_id.bytes, a.session_id.bytes) <
           std::tie(b.user_id.bytes, b.session_id.bytes);
  }
  template <class H>
  friend H AbslHashValue(H h, const AccountKey& key) {
    return H::combine(std::move(h), key.user_id, key.session_id);
  }
};
struct AccountViewState {
  std::optional<Account> account;
  std::optional<RecordedSession> session;
  std::vector<Identity> identities;
  std::optional<absl::Time> not_before;  // sessions that began earlier are over
};
struct AccountView {
  using Key = AccountKey;
  using State = AccountViewState;
  struct Ask {
    AccountKey key;
  };
};

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_TYPES_H_
