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

SessionChangeColumns::SessionChangeColumns()
    : Columns({&user_id_, &id_, &version_, &expected_, &generation_, &key_id_, &idle_expires_at_,
               &rotated_at_, &rotated_by_, &revoked_at_, &revoked_reason_}) {}

void SessionChangeColumns::Add(const Change<Session>& change) {
  user_id_.Add(change.key.user_id.bytes);
  id_.Add(change.key.session_id.bytes);
  version_.Add(change.version);
  expected_.Add(change.expected);
  generation_.Add(change.state.generation);
  key_id_.Add(change.state.key_id);
  idle_expires_at_.Add(change.state.idle_expires_at);
  rotated_at_.Add(change.state.rotated_at);
  rotated_by_.AddUnlessEmpty(change.state.rotated_by);
  revoked_at_.Add(change.state.revoked_at);
  revoked_reason_.Add(change.state.revoked_reason);
}

}  // namespace otpgate
