#include "storage/postgres/statements/audit_events.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace otpgate {

AuditColumns::AuditColumns()
    : Columns({&owner_, &scope_, &id_, &event_, &at_, &caller_, &ip_, &detail_, &otp_id_, &user_id_,
               &session_id_}) {}

std::string ScopeOf(const UserId& user) {
  return absl::StrCat("user:", absl::BytesToHexString(user.bytes));
}

void AuditColumns::Add(Version owner, absl::string_view scope, const AuditEvent& event) {
  owner_.Add(owner);
  scope_.Add(scope);
  id_.Add(event.id.bytes);
  event_.Add(event.event);
  at_.Add(event.at);
  caller_.Add(event.caller);
  ip_.Add(event.ip);
  detail_.Add(event.detail);
  otp_id_.AddUnlessEmpty(event.otp_id.bytes);
  user_id_.AddUnlessEmpty(event.user_id.bytes);
  session_id_.AddUnlessEmpty(event.session_id.bytes);
}

}  // namespace otpgate
