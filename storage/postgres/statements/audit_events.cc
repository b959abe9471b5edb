#include "storage/postgres/statements/audit_events.h"

#include "storage/postgres/statements/requests.h"

namespace otpgate {

AuditColumns::AuditColumns()
    : Columns({&owner_, &scope_, &id_, &event_, &at_, &caller_, &ip_, &detail_, &otp_id_, &user_id_,
               &session_id_}) {}

void AuditColumns::Add(Version owner, const SubjectKey& subject, const AuditEvent& event) {
  owner_.Add(owner);
  scope_.Add(ScopeOf(subject));
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
