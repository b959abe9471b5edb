#include "storage/postgres/statements/outbox.h"

#include "storage/outbox.h"

namespace otpgate {

MessageColumns::MessageColumns()
    : Columns({&owner_, &identifier_, &id_, &user_type_, &otp_id_, &code_mac_, &code_table_,
               &purpose_, &channel_, &sealed_, &state_, &next_try_at_, &created_at_, &expires_at_,
               &finished_at_}) {}

void MessageColumns::Add(Version owner, const SubjectKey& subject, const Message& message) {
  const bool pending = message.state == MessageState::kPending;
  owner_.Add(owner);
  identifier_.Add(subject.identifier);
  id_.Add(message.id.bytes);
  user_type_.Add(NameOf(subject.user_type));
  otp_id_.Add(message.otp_id.bytes);
  code_mac_.Add(message.code_mac);
  code_table_.Add(message.table == CodeTable::kSignupOtps ? "signup_otps" : "otp_sessions");
  purpose_.Add(NameOf(message.purpose));
  channel_.Add(NameOf(message.channel));
  pending ? sealed_.Add(message.sealed) : sealed_.AddNull();
  state_.Add(pending ? "pending" : "suppressed");
  next_try_at_.Add(message.created_at + kBirthLease);
  created_at_.Add(message.created_at);
  expires_at_.Add(message.expires_at);
  pending ? finished_at_.AddNull() : finished_at_.Add(message.created_at);
}

}  // namespace otpgate
