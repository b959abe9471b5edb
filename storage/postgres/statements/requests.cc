#include "storage/postgres/statements/requests.h"

#include "absl/strings/str_cat.h"

namespace otpgate {

std::string ScopeOf(const SubjectKey& key) {
  return absl::StrCat(NameOf(key.user_type), ":", key.identifier);
}

RequestAskColumns::RequestAskColumns()
    : Columns({&identifier_, &user_type_, &caller_, &method_, &request_id_}) {}

void RequestAskColumns::Add(const SubjectKey& subject, const RequestKey& key) {
  identifier_.Add(subject.identifier);
  user_type_.Add(NameOf(subject.user_type));
  caller_.Add(key.caller);
  method_.Add(key.method);
  request_id_.Add(key.request_id);
}

RequestColumns::RequestColumns()
    : Columns({&owner_, &scope_, &caller_, &method_, &request_id_, &fingerprint_, &reason_,
               &otp_id_, &expires_at_, &attempts_remaining_, &user_id_, &session_id_, &new_user_,
               &created_at_}) {}

void RequestColumns::Add(Version owner, const SubjectKey& subject, const RequestRecord& record) {
  owner_.Add(owner);
  scope_.Add(ScopeOf(subject));
  caller_.Add(record.key.caller);
  method_.Add(record.key.method);
  request_id_.Add(record.key.request_id);
  fingerprint_.Add(record.fingerprint);
  reason_.Add(record.reason);
  otp_id_.AddUnlessEmpty(record.otp_id.bytes);
  expires_at_.Add(record.expires_at);
  attempts_remaining_.Add(record.attempts_remaining);
  user_id_.AddUnlessEmpty(record.user_id.bytes);
  session_id_.AddUnlessEmpty(record.session_id.bytes);
  new_user_.Add(record.new_user);
  created_at_.Add(record.created_at);
}

}  // namespace otpgate
