#include "storage/row_limits.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "storage/row_check.h"
#include "storage/row_parts.h"

namespace otpgate {
namespace {

constexpr size_t kMacBytes = 32;
constexpr size_t kFingerprintBytesMin = 34;
constexpr size_t kFingerprintBytesMax = 49;
constexpr size_t kIdentifierBytesMin = 3;
constexpr size_t kIdentifierBytesMax = 254;
constexpr size_t kDeviceInfoBytesMax = 512;
constexpr size_t kBucketBytesMax = 100;
// No constraint of its own: a B-tree entry must fit a third of a page (2704 bytes).
constexpr size_t kRequestNameBytesMax = 256;
constexpr int64_t kSmallintMin = std::numeric_limits<int16_t>::min();
constexpr int64_t kSmallintMax = std::numeric_limits<int16_t>::max();

bool IsKnown(Purpose purpose) {
  return purpose == Purpose::kLogin || purpose == Purpose::kVerifyPhone ||
         purpose == Purpose::kVerifyEmail;
}

bool IsKnown(CodeTable table) {
  return table == CodeTable::kSignupOtps || table == CodeTable::kOtpSessions;
}

bool IsKnown(Channel channel) { return channel == Channel::kSms || channel == Channel::kEmail; }

void CheckKey(RowCheck& check, const SubjectKey& key) {
  check.Text("identifier", key.identifier, kIdentifierBytesMin, kIdentifierBytesMax);
  check.Require(IsKnown(key.user_type), "user_type", "known");
}

void CheckSubject(RowCheck& check, const Change<Subject>& change) {
  const SubjectState& state = change.state;
  check.Table("subjects");
  CheckKey(check, change.key);
  check.Require(change.version != 0, "version", "not_zero");
  check.BytesOrNull("user_id", state.user_id.bytes, kIdBytes);
  check.Range("failures", state.failures, 0, 100);
  check.Time("blocked_until", state.blocked_until);
  check.Time("disabled_at", state.disabled_at);
  check.Time("last_success_at", state.last_success_at);
  for (absl::Time sent : state.recent_sends) check.Time("recent_sends", sent);
  for (absl::Time sent : state.recent_resends) check.Time("recent_resends", sent);
  check.Time("updated_at", state.updated_at);
}

void CheckCode(RowCheck& check, const Code& code) {
  const bool signup = code.table == CodeTable::kSignupOtps;
  check.Table(signup ? "signup_otps" : "otp_sessions");
  check.Require(IsKnown(code.table), "table", "known");
  check.Require(IsKnown(code.purpose) && (!signup || code.purpose == Purpose::kLogin), "purpose",
                "known");
  check.Bytes("id", code.id.bytes, kIdBytes);
  check.Bytes("code_mac", code.mac, kMacBytes);
  check.Text("key_id", code.key_id, 1, kKeyIdBytesMax);
  check.Range("attempts", code.attempts, 0, 5);
  check.Time("created_at", code.created_at);
  check.Time("expires_at", code.expires_at);
  check.Time("verified_at", code.verified_at);
  check.BytesOrNull("user_id", code.user_id.bytes, kIdBytes);
}

bool SameRow(const Code& a, const Code& b) { return a.table == b.table && a.purpose == b.purpose; }

void CheckCodes(RowCheck& check, const Change<Subject>& change) {
  const auto& codes = change.state.codes;
  for (auto code = codes.begin(); code != codes.end(); ++code) {
    CheckCode(check, *code);
    check.Require(
        std::none_of(codes.begin(), code, [&](const Code& other) { return SameRow(other, *code); }),
        "row", "unique");
  }
  // A write deletes nothing, so a state without the row would not be what is stored.
  for (const Code& old : change.before.codes) {
    check.Table(old.table == CodeTable::kSignupOtps ? "signup_otps" : "otp_sessions");
    check.Require(std::any_of(codes.begin(), codes.end(),
                              [&](const Code& code) { return SameRow(code, old); }),
                  "row", "kept");
  }
}

void CheckIdentity(RowCheck& check, const SubjectKey& owner, const Identity& identity) {
  check.Table("identities");
  check.Bytes("user_id", identity.user_id.bytes, kIdBytes);
  CheckKey(check, identity.subject);
  check.Require(identity.subject == owner, "subject", "owner");
  check.Time("verified_at", identity.verified_at);
}

void CheckSession(RowCheck& check, const NewSession& session) {
  check.Table("sessions");
  check.Bytes("user_id", session.user_id.bytes, kIdBytes);
  check.Bytes("id", session.id.bytes, kIdBytes);
  check.Text("key_id", session.key_id, 1, kKeyIdBytesMax);
  check.Time("created_at", session.created_at);
  check.Time("idle_expires_at", session.idle_expires_at);
  check.Time("absolute_expires_at", session.absolute_expires_at);
  check.Text("caller", session.caller);
  check.Text("device_info", session.device_info, 0, kDeviceInfoBytesMax);
  check.Text("ip", session.ip);
  check.Require(session.amr == "sms" || session.amr == "email", "amr", "known");
}

void CheckMessage(RowCheck& check, const Message& message) {
  check.Table("outbox");
  check.Bytes("id", message.id.bytes, kIdBytes);
  check.Bytes("otp_id", message.otp_id.bytes, kIdBytes);
  check.Bytes("code_mac", message.code_mac, kMacBytes);
  check.Require(IsKnown(message.table), "code_table", "known");
  check.Require(IsKnown(message.purpose), "purpose", "known");
  check.Require(IsKnown(message.channel), "channel", "known");
  const bool open = message.state == MessageState::kPending;
  check.Require(open || message.state == MessageState::kSuppressed, "state", "known");
  // An empty payload is NULL.
  check.Require(open == !message.sealed.empty(), "sealed", "while_open");
  check.Time("created_at", message.created_at);
  check.Time("expires_at", message.expires_at);
}

void CheckRequest(RowCheck& check, const RequestRecord& record) {
  check.Table("requests");
  check.Text("caller", record.key.caller, 0, kRequestNameBytesMax);
  check.Text("method", record.key.method, 0, kRequestNameBytesMax);
  check.Bytes("request_id", record.key.request_id, kUuidBytes);
  check.Require(record.fingerprint.size() >= kFingerprintBytesMin &&
                    record.fingerprint.size() <= kFingerprintBytesMax,
                "fingerprint", "length");
  check.Range("reason", record.reason, kSmallintMin, kSmallintMax);
  check.BytesOrNull("otp_id", record.otp_id.bytes, kIdBytes);
  check.Time("expires_at", record.expires_at);
  check.Range("attempts_remaining", record.attempts_remaining.value_or(0), kSmallintMin,
              kSmallintMax);
  check.BytesOrNull("user_id", record.user_id.bytes, kIdBytes);
  check.BytesOrNull("session_id", record.session_id.bytes, kIdBytes);
  check.Time("created_at", record.created_at);
}

void CheckRequests(RowCheck& check, const std::vector<RequestRecord>& records) {
  for (auto record = records.begin(); record != records.end(); ++record) {
    CheckRequest(check, *record);
    check.Require(
        std::none_of(records.begin(), record,
                     [&](const RequestRecord& other) { return other.key == record->key; }),
        "row", "unique");
  }
}

}  // namespace

absl::Status Check(const Change<Subject>& change) {
  RowCheck check;
  CheckSubject(check, change);
  CheckCodes(check, change);
  const SubjectEffects& effects = change.effects;
  if (effects.new_account) CheckAccount(check, *effects.new_account);
  if (effects.new_identity) CheckIdentity(check, change.key, *effects.new_identity);
  for (const NewSession& session : effects.sessions) CheckSession(check, session);
  for (const Message& message : effects.messages) CheckMessage(check, message);
  CheckRequests(check, effects.requests);
  for (const AuditEvent& event : effects.audit) CheckAudit(check, event);
  return check.ToStatus();
}

absl::Status Check(const Change<Bucket>& change) {
  RowCheck check;
  check.Table("limits");
  check.Text("bucket", change.key, 1, kBucketBytesMax);
  check.Require(change.version != 0, "version", "not_zero");
  check.Time("tat", change.state.tat);
  check.Time("updated_at", change.state.updated_at);
  return check.ToStatus();
}

}  // namespace otpgate
