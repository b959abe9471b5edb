#include <limits>

#include "absl/strings/string_view.h"
#include "storage/row_check.h"
#include "storage/row_limits.h"
#include "storage/row_parts.h"

namespace otpgate {
namespace {

constexpr absl::string_view kRevokedReasons[] = {"", "logout", "user", "reuse", "admin", "key"};

bool IsKnownReason(absl::string_view reason) {
  for (absl::string_view known : kRevokedReasons) {
    if (reason == known) return true;
  }
  return false;
}

}  // namespace

absl::Status Check(const Change<Session>& change) {
  RowCheck check;
  check.Table("sessions");
  check.Bytes("user_id", change.key.user_id.bytes, kIdBytes);
  check.Bytes("id", change.key.session_id.bytes, kIdBytes);
  check.Require(change.version != 0, "version", "not_zero");
  check.Range("generation", change.state.generation, 0, std::numeric_limits<int32_t>::max());
  check.Text("key_id", change.state.key_id, 1, kKeyIdBytesMax);
  check.Time("idle_expires_at", change.state.idle_expires_at);
  check.Time("rotated_at", change.state.rotated_at);
  check.Require(change.state.rotated_by.size() <= 4 * kUuidBytes &&
                    change.state.rotated_by.size() % kUuidBytes == 0,
                "rotated_by", "length");
  check.Time("revoked_at", change.state.revoked_at);
  check.Require(IsKnownReason(change.state.revoked_reason), "revoked_reason", "known");
  for (const AuditEvent& event : change.effects.audit) CheckAudit(check, event);
  return check.ToStatus();
}

absl::Status Check(const Change<User>& change) {
  RowCheck check;
  CheckAccount(check, change.state.account);
  check.Require(change.state.account.id == change.key, "id", "owner");
  check.Require(change.version != 0, "version", "not_zero");
  for (const AuditEvent& event : change.effects.audit) CheckAudit(check, event);
  return check.ToStatus();
}

}  // namespace otpgate
