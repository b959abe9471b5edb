#include "storage/conformance/broken_rows.h"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/conformance/samples.h"

namespace otpgate::storage::conformance {
namespace {

using Broken = BrokenRow<Subject>;
using S = Change<Subject>&;

const std::string kNul("a\0b", 3);

template <class Enum>
constexpr Enum Unknown() {
  return static_cast<Enum>(9);
}

void Append(std::vector<Broken>& all, std::vector<Broken> more) {
  for (Broken& one : more) all.push_back(std::move(one));
}

std::vector<Broken> BrokenGuards() {
  return {
      {"IdentifierTooShort", "subjects_identifier_length", [](S c) { c.key.identifier = "ab"; }},
      {"IdentifierTooLong", "subjects_identifier_length",
       [](S c) { c.key.identifier.assign(255, 'a'); }},
      {"IdentifierWithNul", "subjects_identifier_text", [](S c) { c.key.identifier = kNul; }},
      {"IdentifierNotUtf8", "subjects_identifier_text",
       [](S c) { c.key.identifier = "caf\xe9@example.com"; }},
      {"UserTypeUnknown", "subjects_user_type_known",
       [](S c) { c.key.user_type = Unknown<UserType>(); }},
      {"VersionZero", "subjects_version_not_zero", [](S c) { c.version = 0; }},
      {"UserIdShort", "subjects_user_id_length", [](S c) { c.state.user_id.bytes.pop_back(); }},
      {"FailuresNegative", "subjects_failures_range", [](S c) { c.state.failures = -1; }},
      {"FailuresAbove100", "subjects_failures_range", [](S c) { c.state.failures = 101; }},
      {"BlockedBetweenMicros", "subjects_blocked_until_time",
       [](S c) { c.state.blocked_until = kBetweenMicros; }},
      {"DisabledForEver", "subjects_disabled_at_time",
       [](S c) { c.state.disabled_at = absl::InfiniteFuture(); }},
      {"SuccessBetweenMicros", "subjects_last_success_at_time",
       [](S c) { c.state.last_success_at = kBetweenMicros; }},
      {"SendBetweenMicros", "subjects_recent_sends_time",
       [](S c) { c.state.recent_sends[1] = kBetweenMicros; }},
      {"ResendBetweenMicros", "subjects_recent_resends_time",
       [](S c) { c.state.recent_resends[1] = kBetweenMicros; }},
      {"UpdatedBetweenMicros", "subjects_updated_at_time",
       [](S c) { c.state.updated_at = kBetweenMicros; }},
      {"UpdatedBeforeYear1", "subjects_updated_at_time",
       [](S c) { c.state.updated_at = absl::InfinitePast(); }},
  };
}

// Indexes of codes in FullChange, by table.
constexpr int kSignup = 0;
constexpr int kSession = 2;

std::vector<Broken> BrokenCodes(const std::string& table, int i) {
  return {
      {"Id", absl::StrCat(table, "_id_length"),
       [i](S c) { c.state.codes[i].id.bytes.push_back('x'); }},
      {"NoId", absl::StrCat(table, "_id_length"), [i](S c) { c.state.codes[i].id = {}; }},
      {"Mac", absl::StrCat(table, "_code_mac_length"),
       [i](S c) { c.state.codes[i].mac.pop_back(); }},
      {"NoKeyId", absl::StrCat(table, "_key_id_length"),
       [i](S c) { c.state.codes[i].key_id.clear(); }},
      {"LongKeyId", absl::StrCat(table, "_key_id_length"),
       [i](S c) { c.state.codes[i].key_id.assign(17, 'k'); }},
      {"KeyIdWithNul", absl::StrCat(table, "_key_id_text"),
       [i](S c) { c.state.codes[i].key_id = kNul; }},
      {"AttemptsNegative", absl::StrCat(table, "_attempts_range"),
       [i](S c) { c.state.codes[i].attempts = -1; }},
      {"AttemptsAbove5", absl::StrCat(table, "_attempts_range"),
       [i](S c) { c.state.codes[i].attempts = 6; }},
      {"CreatedBetweenMicros", absl::StrCat(table, "_created_at_time"),
       [i](S c) { c.state.codes[i].created_at = kBetweenMicros; }},
      {"ExpiresNever", absl::StrCat(table, "_expires_at_time"),
       [i](S c) { c.state.codes[i].expires_at = absl::InfiniteFuture(); }},
      {"VerifiedBetweenMicros", absl::StrCat(table, "_verified_at_time"),
       [i](S c) { c.state.codes[i].verified_at = kBetweenMicros; }},
      {"UserId", absl::StrCat(table, "_user_id_length"),
       [i](S c) { c.state.codes[i].user_id.bytes.assign(1, 'x'); }},
      {"PurposeUnknown", absl::StrCat(table, "_purpose_known"),
       [i](S c) { c.state.codes[i].purpose = Unknown<Purpose>(); }},
      {"TwiceInState", absl::StrCat(table, "_row_unique"),
       [i](S c) { c.state.codes.push_back(c.state.codes[i]); }},
      {"Forgotten", absl::StrCat(table, "_row_kept"),
       [i](S c) {
         c.before.codes = c.state.codes;
         c.state.codes.erase(c.state.codes.begin() + i);
       }},
  };
}

std::vector<Broken> BrokenTables() {
  return {
      {"SignupForVerify", "signup_otps_purpose_known",
       [](S c) { c.state.codes[kSignup].purpose = Purpose::kVerifyPhone; }},
      {"TableUnknown", "otp_sessions_table_known",
       [](S c) { c.state.codes[kSession].table = Unknown<CodeTable>(); }},
  };
}

std::vector<Broken> BrokenAccounts() {
  return {
      {"UserNoId", "users_id_length", [](S c) { c.effects.new_account->id = {}; }},
      {"UserTypeOfAccount", "users_user_type_known",
       [](S c) { c.effects.new_account->user_type = Unknown<UserType>(); }},
      {"TokenVersionNegative", "users_token_version_range",
       [](S c) { c.effects.new_account->token_version = -1; }},
      {"UserBetweenMicros", "users_created_at_time",
       [](S c) { c.effects.new_account->created_at = kBetweenMicros; }},
      {"IdentityNoUser", "identities_user_id_length",
       [](S c) { c.effects.new_identity->user_id = {}; }},
      {"IdentityShort", "identities_identifier_length",
       [](S c) { c.effects.new_identity->subject.identifier = "ab"; }},
      {"IdentityUserType", "identities_user_type_known",
       [](S c) { c.effects.new_identity->subject.user_type = Unknown<UserType>(); }},
      {"IdentityOfAnother", "identities_subject_owner",
       [](S c) { c.effects.new_identity->subject.identifier = "+15559999"; }},
      {"IdentityBetweenMicros", "identities_verified_at_time",
       [](S c) { c.effects.new_identity->verified_at = kBetweenMicros; }},
  };
}

std::vector<Broken> BrokenNewSessions() {
  const auto edit = [](auto change_it) { return [=](S c) { change_it(c.effects.sessions[1]); }; };
  return {
      {"SessionNoUser", "sessions_user_id_length", edit([](auto& s) { s.user_id = {}; })},
      {"SessionNoId", "sessions_id_length", edit([](auto& s) { s.id = {}; })},
      {"SessionNoKey", "sessions_key_id_length", edit([](auto& s) { s.key_id.clear(); })},
      {"SessionCallerNul", "sessions_caller_text", edit([](auto& s) { s.caller = kNul; })},
      {"DeviceInfo513", "sessions_device_info_length",
       edit([](auto& s) { s.device_info.assign(513, 'd'); })},
      {"DeviceInfoSurrogate", "sessions_device_info_text",
       edit([](auto& s) { s.device_info = "\xed\xa0\x80"; })},
      {"SessionIpNotUtf8", "sessions_ip_text", edit([](auto& s) { s.ip = "\xff"; })},
      {"AmrUnknown", "sessions_amr_known", edit([](auto& s) { s.amr = "pwd"; })},
      {"SessionBetweenMicros", "sessions_created_at_time",
       edit([](auto& s) { s.created_at = kBetweenMicros; })},
      {"IdleNever", "sessions_idle_expires_at_time",
       edit([](auto& s) { s.idle_expires_at = absl::InfiniteFuture(); })},
      {"AbsoluteNever", "sessions_absolute_expires_at_time",
       edit([](auto& s) { s.absolute_expires_at = absl::InfiniteFuture(); })},
  };
}

std::vector<Broken> BrokenMessages() {
  const auto edit = [](auto change_it) { return [=](S c) { change_it(c.effects.messages[0]); }; };
  return {
      {"MessageNoId", "outbox_id_length", edit([](auto& m) { m.id = {}; })},
      {"MessageNoOtp", "outbox_otp_id_length", edit([](auto& m) { m.otp_id = {}; })},
      {"MessageMac", "outbox_code_mac_length", edit([](auto& m) { m.code_mac.assign(1, 'x'); })},
      {"MessageTable", "outbox_code_table_known",
       edit([](auto& m) { m.table = Unknown<CodeTable>(); })},
      {"MessagePurpose", "outbox_purpose_known",
       edit([](auto& m) { m.purpose = Unknown<Purpose>(); })},
      {"MessageChannel", "outbox_channel_known",
       edit([](auto& m) { m.channel = Unknown<Channel>(); })},
      {"MessageState", "outbox_state_known",
       [](S c) { c.effects.messages[1].state = Unknown<MessageState>(); }},
      {"PendingWithoutPayload", "outbox_sealed_while_open",
       edit([](auto& m) { m.sealed.clear(); })},
      {"SuppressedWithPayload", "outbox_sealed_while_open",
       [](S c) { c.effects.messages[1].sealed.assign(1, 'x'); }},
      {"MessageBetweenMicros", "outbox_created_at_time",
       edit([](auto& m) { m.created_at = kBetweenMicros; })},
      {"MessageNeverExpires", "outbox_expires_at_time",
       edit([](auto& m) { m.expires_at = absl::InfiniteFuture(); })},
  };
}

std::vector<Broken> BrokenRequests() {
  const auto edit = [](auto change_it) { return [=](S c) { change_it(c.effects.requests[0]); }; };
  constexpr int kAboveSmallint = std::numeric_limits<int16_t>::max() + 1;
  return {
      {"RequestId", "requests_request_id_length",
       edit([](auto& r) { r.key.request_id.push_back('x'); })},
      {"FingerprintShort", "requests_fingerprint_length",
       edit([](auto& r) { r.fingerprint.resize(33); })},
      {"FingerprintLong", "requests_fingerprint_length",
       edit([](auto& r) { r.fingerprint.resize(50); })},
      {"CallerTooLong", "requests_caller_length",
       edit([](auto& r) { r.key.caller.assign(257, 'c'); })},
      {"MethodTooLong", "requests_method_length",
       edit([](auto& r) { r.key.method.assign(257, 'm'); })},
      {"MethodNul", "requests_method_text", edit([](auto& r) { r.key.method = kNul; })},
      {"ReasonRange", "requests_reason_range", edit([](auto& r) { r.reason = kAboveSmallint; })},
      {"RemainingRange", "requests_attempts_remaining_range",
       edit([](auto& r) { r.attempts_remaining = -kAboveSmallint - 1; })},
      {"RequestOtp", "requests_otp_id_length",
       edit([](auto& r) { r.otp_id.bytes.assign(1, 'x'); })},
      {"RequestUser", "requests_user_id_length",
       edit([](auto& r) { r.user_id.bytes.assign(1, 'x'); })},
      {"RequestSession", "requests_session_id_length",
       edit([](auto& r) { r.session_id.bytes.assign(1, 'x'); })},
      {"RequestExpiresNever", "requests_expires_at_time",
       edit([](auto& r) { r.expires_at = absl::InfiniteFuture(); })},
      {"RequestBetweenMicros", "requests_created_at_time",
       edit([](auto& r) { r.created_at = kBetweenMicros; })},
      {"RequestTwice", "requests_row_unique",
       [](S c) { c.effects.requests.push_back(c.effects.requests[0]); }},
  };
}

std::vector<Broken> BrokenAudit() {
  const auto edit = [](auto change_it) { return [=](S c) { change_it(c.effects.audit[1]); }; };
  return {
      {"AuditId", "audit_events_id_length", edit([](auto& a) { a.id = {}; })},
      {"AuditEvent", "audit_events_event_text", edit([](auto& a) { a.event = kNul; })},
      {"AuditAt", "audit_events_at_time", edit([](auto& a) { a.at = kBetweenMicros; })},
      {"AuditCaller", "audit_events_caller_text", edit([](auto& a) { a.caller = "\xc0\x80"; })},
      {"AuditIp", "audit_events_ip_text", edit([](auto& a) { a.ip = kNul; })},
      {"AuditDetail", "audit_events_detail_text", edit([](auto& a) { a.detail = "\xf4\x90"; })},
      {"AuditOtp", "audit_events_otp_id_length",
       edit([](auto& a) { a.otp_id.bytes.assign(1, 'x'); })},
      {"AuditUser", "audit_events_user_id_length",
       edit([](auto& a) { a.user_id.bytes.assign(1, 'x'); })},
      {"AuditSession", "audit_events_session_id_length",
       edit([](auto& a) { a.session_id.bytes.assign(1, 'x'); })},
  };
}

}  // namespace

std::vector<Broken> BrokenSubjects() {
  std::vector<Broken> all = BrokenGuards();
  for (const auto& [table, index] :
       {std::pair{"signup_otps", kSignup}, {"otp_sessions", kSession}}) {
    std::vector<Broken> codes = BrokenCodes(table, index);
    for (Broken& one : codes) one.name = absl::StrCat(table, one.name);
    Append(all, std::move(codes));
  }
  Append(all, BrokenTables());
  Append(all, BrokenAccounts());
  Append(all, BrokenNewSessions());
  Append(all, BrokenMessages());
  Append(all, BrokenRequests());
  Append(all, BrokenAudit());
  return all;
}

std::vector<BrokenRow<Bucket>> BrokenBuckets() {
  using B = Change<Bucket>&;
  return {
      {"Empty", "limits_bucket_length", [](B c) { c.key.clear(); }},
      {"TooLong", "limits_bucket_length", [](B c) { c.key.assign(101, 'b'); }},
      {"Nul", "limits_bucket_text", [](B c) { c.key = kNul; }},
      {"VersionZero", "limits_version_not_zero", [](B c) { c.version = 0; }},
      {"TatBetweenMicros", "limits_tat_time", [](B c) { c.state.tat = kBetweenMicros; }},
      {"UpdatedBetweenMicros", "limits_updated_at_time",
       [](B c) { c.state.updated_at = kBetweenMicros; }},
  };
}

std::vector<BrokenRow<Session>> BrokenSessions() {
  using C = Change<Session>&;
  return {
      {"UserShort", "sessions_user_id_length", [](C c) { c.key.user_id.bytes.pop_back(); }},
      {"IdShort", "sessions_id_length", [](C c) { c.key.session_id.bytes.pop_back(); }},
      {"VersionZero", "sessions_version_not_zero", [](C c) { c.version = 0; }},
      {"GenerationBelowZero", "sessions_generation_range", [](C c) { c.state.generation = -1; }},
      {"KeyIdEmpty", "sessions_key_id_length", [](C c) { c.state.key_id.clear(); }},
      {"KeyIdLong", "sessions_key_id_length", [](C c) { c.state.key_id.assign(17, 'k'); }},
      {"IdleBetweenMicros", "sessions_idle_expires_at_time",
       [](C c) { c.state.idle_expires_at = kBetweenMicros; }},
      {"RotatedBetweenMicros", "sessions_rotated_at_time",
       [](C c) { c.state.rotated_at = kBetweenMicros; }},
      {"RotatedByShort", "sessions_rotated_by_length",
       [](C c) { c.state.rotated_by.assign(15, 'r'); }},
      {"RotatedByLong", "sessions_rotated_by_length",
       [](C c) { c.state.rotated_by.assign(80, 'r'); }},
      {"RevokedBetweenMicros", "sessions_revoked_at_time",
       [](C c) { c.state.revoked_at = kBetweenMicros; }},
      {"RevokedForNoReason", "sessions_revoked_reason_known",
       [](C c) { c.state.revoked_reason = static_cast<RevokedReason>(6); }},
  };
}

std::vector<BrokenRow<User>> BrokenUsers() {
  using U = Change<User>&;
  return {
      {"IdShort", "users_id_length",
       [](U c) { c.key.bytes.pop_back(), c.state.account.id = c.key; }},
      {"OtherId", "users_id_owner", [](U c) { c.state.account.id.bytes[0] ^= 1; }},
      {"VersionZero", "users_version_not_zero", [](U c) { c.version = 0; }},
      {"TokenVersionBelowZero", "users_token_version_range",
       [](U c) { c.state.account.token_version = -1; }},
  };
}

std::vector<HeldByType> ConstraintsHeldByTypes() {
  const std::string owner = "the key is the owner's, checked as subjects_*";
  const std::string version = "the version is the owner's, checked as subjects_version_not_zero";
  return {
      {"signup_otps_identifier_length", owner},
      {"signup_otps_user_type_known", owner},
      {"signup_otps_verified_at_matches", "is_verified is made from verified_at"},
      {"otp_sessions_identifier_length", owner},
      {"otp_sessions_user_type_known", owner},
      {"otp_sessions_verified_at_matches", "is_verified is made from verified_at"},
      {"users_version_not_zero", version},
      {"users_status_known", "a bool"},
      {"not_before_name_known", "a constant of the statements"},
      {"sessions_version_not_zero", version},
      {"sessions_generation_range", "a session is inserted with 0"},
      {"requests_scope_length", owner},
      {"outbox_identifier_length", owner},
      {"job_leases_name_length", "a constant of the statements"},
      {"job_leases_holder_length", "the short name of a server"},
      {"job_leases_result_length", "counts, a few of them"},
      {"signing_keys_state_known", "gone: the time says which key signs"},
  };
}

}  // namespace otpgate::storage::conformance
