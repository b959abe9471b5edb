#include "storage/postgres/statements/accounts.h"

namespace otpgate {

UserColumns::UserColumns()
    : Columns({&owner_, &id_, &user_type_, &status_, &token_version_, &created_at_}) {}

void UserColumns::Add(Version owner, const Account& account) {
  owner_.Add(owner);
  id_.Add(account.id.bytes);
  user_type_.Add(NameOf(account.user_type));
  status_.Add(account.disabled ? "disabled" : "active");
  token_version_.Add(account.token_version);
  created_at_.Add(account.created_at);
}

IdentityColumns::IdentityColumns()
    : Columns({&owner_, &user_id_, &identifier_, &user_type_, &verified_at_}) {}

void IdentityColumns::Add(Version owner, const Identity& identity) {
  owner_.Add(owner);
  user_id_.Add(identity.user_id.bytes);
  identifier_.Add(identity.subject.identifier);
  user_type_.Add(NameOf(identity.subject.user_type));
  verified_at_.Add(identity.verified_at);
}

UserChangeColumns::UserChangeColumns()
    : Columns({&id_, &version_, &expected_, &status_, &token_version_}) {}

void UserChangeColumns::Add(const Change<User>& change) {
  id_.Add(change.key.bytes);
  version_.Add(change.version);
  expected_.Add(change.expected);
  status_.Add(change.state.account.disabled ? "disabled" : "active");
  token_version_.Add(change.state.account.token_version);
}

}  // namespace otpgate
