#include "storage/row_parts.h"

#include <cstdint>
#include <limits>

namespace otpgate {

bool IsKnown(UserType type) { return type == UserType::kLive || type == UserType::kDemo; }

void CheckAccount(RowCheck& check, const Account& account) {
  check.Table("users");
  check.Bytes("id", account.id.bytes, kIdBytes);
  check.Require(IsKnown(account.user_type), "user_type", "known");
  check.Range("token_version", account.token_version, 0, std::numeric_limits<int32_t>::max());
  check.Time("created_at", account.created_at);
}

void CheckAudit(RowCheck& check, const AuditEvent& event) {
  check.Table("audit_events");
  check.Bytes("id", event.id.bytes, kIdBytes);
  check.Text("event", event.event);
  check.Time("at", event.at);
  check.Text("caller", event.caller);
  check.Text("ip", event.ip);
  check.Text("detail", event.detail);
  check.BytesOrNull("otp_id", event.otp_id.bytes, kIdBytes);
  check.BytesOrNull("user_id", event.user_id.bytes, kIdBytes);
  check.BytesOrNull("session_id", event.session_id.bytes, kIdBytes);
}

}  // namespace otpgate
