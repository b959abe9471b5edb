#include "storage/postgres/statements/codes.h"

namespace otpgate {

CodeColumns::CodeColumns()
    : Columns({&owner_, &identifier_, &user_type_, &purpose_, &id_, &mac_, &key_id_, &attempts_,
               &bound_, &created_at_, &expires_at_, &verified_at_, &user_id_}) {}

void CodeColumns::Add(Version owner, const SubjectKey& key, const Code& code) {
  owner_.Add(owner);
  identifier_.Add(key.identifier);
  user_type_.Add(NameOf(key.user_type));
  purpose_.Add(NameOf(code.purpose));
  id_.Add(code.id.bytes);
  mac_.Add(code.mac);
  key_id_.Add(code.key_id);
  attempts_.Add(code.attempts);
  bound_.Add(code.bound);
  created_at_.Add(code.created_at);
  expires_at_.Add(code.expires_at);
  verified_at_.Add(code.verified_at);
  user_id_.AddUnlessEmpty(code.user_id.bytes);
}

}  // namespace otpgate
