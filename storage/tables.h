#ifndef OTPGATE_STORAGE_TABLES_H_
#define OTPGATE_STORAGE_TABLES_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "storage/column.h"
#include "storage/column_kind.h"
#include "storage/outbox.h"
#include "storage/session_types.h"
#include "storage/signing_keys.h"
#include "storage/storage.h"
#include "storage/types.h"

// The tables of migrations/sql that the server inserts into from structs: name, kind, limits and
// members of each column. A column that is added here is written, read and checked everywhere; only
// the SELECT that loads it names it once more. Not listed: `version` and `previous_version`, which
// every guarded row has, and columns that a statement computes (`is_verified`, the outbox's
// `generation`, `revoked_at` of signing keys).
namespace otpgate::storage {

namespace kind {

inline constexpr Text kIdentifier{3, 254};
inline constexpr Text kKeyId{1, 16};
inline constexpr Bytes kMac{32, 32};
inline constexpr Bytes kUuid{16, 16};
inline constexpr Int kSmallint{std::numeric_limits<int16_t>::min(),
                               std::numeric_limits<int16_t>::max()};
// The schema sets no limit, but a B-tree entry must fit a third of a page (2704 bytes).
inline constexpr Text kRequestName{0, 256};

}  // namespace kind

inline constexpr auto kSubjectsTable =
    MakeTable("subjects",  //
              KeyColumn("identifier", kind::kIdentifier, &SubjectKey::identifier),
              KeyColumn("user_type", kind::Name(), &SubjectKey::user_type),
              GuardedColumn("user_id", kind::IdOrNull(), &SubjectState::user_id),
              GuardedColumn("failures", kind::Int{0, 100}, &SubjectState::failures),
              GuardedColumn("blocked_until", kind::Time(), &SubjectState::blocked_until),
              GuardedColumn("disabled_at", kind::Time(), &SubjectState::disabled_at),
              GuardedColumn("last_success_at", kind::Time(), &SubjectState::last_success_at),
              GuardedColumn("recent_sends", kind::TimeList(), &SubjectState::recent_sends),
              GuardedColumn("recent_resends", kind::TimeList(), &SubjectState::recent_resends),
              GuardedColumn("updated_at", kind::Time(), &SubjectState::updated_at));

// The two tables of codes differ in their keys. A subject's codes are written under its guard.
template <class PurposeColumn>
constexpr auto MakeCodeTable(absl::string_view name, PurposeColumn purpose) {
  return MakeTable(name,  //
                   KeyColumn("identifier", kind::kIdentifier, &SubjectKey::identifier),
                   KeyColumn("user_type", kind::Name(), &SubjectKey::user_type),  //
                   purpose,                                                       //
                   GuardedColumn("id", kind::Id(), &Code::id),
                   GuardedColumn("code_mac", kind::kMac, &Code::mac),
                   GuardedColumn("key_id", kind::kKeyId, &Code::key_id),
                   GuardedColumn("attempts", kind::Int{0, 5}, &Code::attempts),
                   GuardedColumn("bound", kind::Bool(), &Code::bound),
                   GuardedColumn("created_at", kind::Time(), &Code::created_at),
                   GuardedColumn("expires_at", kind::Time(), &Code::expires_at),
                   GuardedColumn("verified_at", kind::Time(), &Code::verified_at),
                   GuardedColumn("user_id", kind::IdOrNull(), &Code::user_id));
}
inline constexpr auto kSignupOtpsTable =
    MakeCodeTable("signup_otps", GuardedColumn("purpose", kind::Name(), &Code::purpose));
inline constexpr auto kOtpSessionsTable =
    MakeCodeTable("otp_sessions", KeyColumn("purpose", kind::Name(), &Code::purpose));

inline constexpr auto kUsersTable =
    MakeTable("users",                                    //
              KeyColumn("id", kind::Id(), &Account::id),  //
              InsertOnlyColumn("user_type", kind::Name(), &Account::user_type),
              GuardedColumn("status", kind::Status(), &Account::disabled),
              GuardedColumn("token_version", kind::Int{.least = 0}, &Account::token_version),
              InsertOnlyColumn("created_at", kind::Time(), &Account::created_at));

inline constexpr auto kIdentitiesTable =
    MakeTable("identities",  //
              KeyColumn("user_id", kind::Id(), &Identity::user_id),
              KeyColumn("identifier", kind::kIdentifier, &SubjectKey::identifier),
              KeyColumn("user_type", kind::Name(), &SubjectKey::user_type),
              GuardedColumn("verified_at", kind::Time(), &Identity::verified_at));

// NewSession is a session as a login inserts it, SessionState what a guarded write compares and
// changes, RecordedSession and SessionInfo what readers see of it.
inline constexpr auto kSessionsTable = MakeTable(
    "sessions",  //
    KeyColumn("user_id", kind::Id(), &NewSession::user_id, &AccountKey::user_id),
    KeyColumn("id", kind::Id(), &NewSession::id, &AccountKey::session_id, &SessionInfo::id),
    GuardedColumn("generation", kind::Int{.least = 0}, &SessionState::generation,
                  &RecordedSession::generation),
    GuardedColumn("key_id", kind::kKeyId, &NewSession::key_id, &SessionState::key_id,
                  &RecordedSession::key_id),
    InsertOnlyColumn("token_version", kind::Int(), &NewSession::token_version,
                     &SessionState::token_version, &RecordedSession::token_version,
                     &SessionInfo::token_version),
    InsertOnlyColumn("created_at", kind::Time(), &NewSession::created_at, &SessionState::created_at,
                     &RecordedSession::created_at, &SessionInfo::created_at),
    GuardedColumn("idle_expires_at", kind::Time(), &NewSession::idle_expires_at,
                  &SessionState::idle_expires_at, &RecordedSession::idle_expires_at,
                  &SessionInfo::idle_expires_at),
    InsertOnlyColumn("absolute_expires_at", kind::Time(), &NewSession::absolute_expires_at,
                     &SessionState::absolute_expires_at, &RecordedSession::absolute_expires_at,
                     &SessionInfo::absolute_expires_at),
    InsertOnlyColumn("caller", kind::Text(), &NewSession::caller, &SessionState::caller,
                     &SessionInfo::caller),
    InsertOnlyColumn("device_info", kind::Text{0, 512}, &NewSession::device_info,
                     &SessionInfo::device_info),
    InsertOnlyColumn("ip", kind::Text(), &NewSession::ip, &SessionInfo::ip),
    InsertOnlyColumn("amr", kind::OneOf{"sms", "email"}, &NewSession::amr, &SessionState::amr,
                     &RecordedSession::amr, &SessionInfo::amr),
    GuardedColumn("rotated_at", kind::Time(), &SessionState::rotated_at),
    GuardedColumn("rotated_by", kind::BytesOrNull{.most = 64, .unit = 16},
                  &SessionState::rotated_by),
    GuardedColumn("revoked_at", kind::Time(), &SessionState::revoked_at),
    GuardedColumn("revoked_reason", kind::Name(), &SessionState::revoked_reason));

// The owner of a row of `requests` or `audit_events`: "live:+14155550100" or "user:<id in hex>".
struct Scope {
  std::string text;
};

// Written under the guard of the subject.
inline constexpr auto kRequestsTable = MakeTable(
    "requests",                                            //
    KeyColumn("scope", kind::Text{3, 300}, &Scope::text),  //
    KeyColumn("caller", kind::kRequestName, &RequestKey::caller),
    KeyColumn("method", kind::kRequestName, &RequestKey::method),
    KeyColumn("request_id", kind::kUuid, &RequestKey::request_id),
    GuardedColumn("fingerprint", kind::Bytes{34, 49}, &RequestRecord::fingerprint),
    GuardedColumn("reason", kind::kSmallint, &RequestRecord::reason),
    GuardedColumn("otp_id", kind::IdOrNull(), &RequestRecord::otp_id),
    GuardedColumn("expires_at", kind::Time(), &RequestRecord::expires_at),
    GuardedColumn("attempts_remaining", kind::kSmallint, &RequestRecord::attempts_remaining),
    GuardedColumn("user_id", kind::IdOrNull(), &RequestRecord::user_id),
    GuardedColumn("session_id", kind::IdOrNull(), &RequestRecord::session_id),
    GuardedColumn("new_user", kind::Bool(), &RequestRecord::new_user),
    GuardedColumn("created_at", kind::Time(), &RequestRecord::created_at));

inline absl::Time EndOfInitialLease(const Message& message) {
  return message.created_at + kInitialLease;
}
// A suppressed message is inserted as finished.
inline std::optional<absl::Time> FinishedAtInsert(const Message& message) {
  if (message.state == MessageState::kPending) return std::nullopt;
  return message.created_at;
}
// Messages as they are inserted. `sealed` is there exactly while the state is pending.
inline constexpr auto kOutboxTable =
    MakeTable("outbox",  //
              KeyColumn("identifier", kind::kIdentifier, &SubjectKey::identifier),
              KeyColumn("id", kind::Id(), &Message::id),
              InsertOnlyColumn("user_type", kind::Name(), &SubjectKey::user_type),
              InsertOnlyColumn("otp_id", kind::Id(), &Message::otp_id),
              InsertOnlyColumn("code_mac", kind::kMac, &Message::code_mac),
              InsertOnlyColumn("code_table", kind::Name(), &Message::table),
              InsertOnlyColumn("purpose", kind::Name(), &Message::purpose),
              InsertOnlyColumn("channel", kind::Name(), &Message::channel),
              InsertOnlyColumn("sealed", kind::BytesOrNull(), &Message::sealed),
              InsertOnlyColumn("state", kind::Name(), &Message::state),
              InsertOnlyColumn("next_try_at", kind::Time(), &EndOfInitialLease),
              InsertOnlyColumn("created_at", kind::Time(), &Message::created_at),
              InsertOnlyColumn("expires_at", kind::Time(), &Message::expires_at),
              InsertOnlyColumn("finished_at", kind::Time(), &FinishedAtInsert));

inline constexpr auto kAuditEventsTable =
    MakeTable("audit_events",                                  //
              KeyColumn("scope", kind::Text(), &Scope::text),  //
              KeyColumn("id", kind::Id(), &AuditEvent::id),
              InsertOnlyColumn("event", kind::Text(), &AuditEvent::event),
              InsertOnlyColumn("at", kind::Time(), &AuditEvent::at),
              InsertOnlyColumn("caller", kind::Text(), &AuditEvent::caller),
              InsertOnlyColumn("ip", kind::Text(), &AuditEvent::ip),
              InsertOnlyColumn("detail", kind::Text(), &AuditEvent::detail),
              InsertOnlyColumn("otp_id", kind::IdOrNull(), &AuditEvent::otp_id),
              InsertOnlyColumn("user_id", kind::IdOrNull(), &AuditEvent::user_id),
              InsertOnlyColumn("session_id", kind::IdOrNull(), &AuditEvent::session_id));

inline constexpr auto kLimitsTable =
    MakeTable("limits",  //
              KeyColumn("bucket", kind::Text{1, 100}, &Change<Bucket>::key),
              GuardedColumn("tat", kind::Time(), &BucketState::tat),
              GuardedColumn("updated_at", kind::Time(), &BucketState::updated_at));

inline constexpr auto kSigningKeysTable =
    MakeTable("signing_keys",  //
              KeyColumn("kid", kind::Text(), &SigningKeyRow::kid),
              InsertOnlyColumn("sealed_private", kind::Bytes(), &SigningKeyRow::sealed_private),
              InsertOnlyColumn("public_key", kind::Bytes(), &SigningKeyRow::public_key),
              InsertOnlyColumn("created_at", kind::Time(), &SigningKeyRow::created_at),
              InsertOnlyColumn("active_from", kind::Time(), &SigningKeyRow::active_from));

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_TABLES_H_
