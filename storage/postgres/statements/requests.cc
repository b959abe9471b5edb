#include "storage/postgres/statements/requests.h"

#include "absl/strings/str_cat.h"

namespace otpgate::storage::postgres {

Scope ScopeOf(const SubjectKey& key) {
  return {absl::StrCat(NameOf(key.user_type), ":", key.identifier)};
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

}  // namespace otpgate::storage::postgres
