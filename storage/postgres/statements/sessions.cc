#include "storage/postgres/statements/sessions.h"

namespace otpgate {

SessionColumns::SessionColumns()
    : Columns({&owner_, &user_id_, &id_, &key_id_, &token_version_, &created_at_, &idle_expires_at_,
               &absolute_expires_at_, &caller_, &device_info_, &ip_, &amr_}) {}

void SessionColumns::Add(Version owner, const NewSession& session) {
  owner_.Add(owner);
  user_id_.Add(session.user_id.bytes);
  id_.Add(session.id.bytes);
  key_id_.Add(session.key_id);
  token_version_.Add(session.token_version);
  created_at_.Add(session.created_at);
  idle_expires_at_.Add(session.idle_expires_at);
  absolute_expires_at_.Add(session.absolute_expires_at);
  caller_.Add(session.caller);
  device_info_.Add(session.device_info);
  ip_.Add(session.ip);
  amr_.Add(session.amr);
}

AccountAskColumns::AccountAskColumns() : Columns({&user_id_, &session_id_}) {}

void AccountAskColumns::Add(const AccountKey& key) {
  user_id_.Add(key.user_id.bytes);
  session_id_.Add(key.session_id.bytes);
}

}  // namespace otpgate
