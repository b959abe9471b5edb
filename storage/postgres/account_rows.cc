#include "storage/postgres/account_rows.h"

namespace otpgate {

std::optional<Account> ReadAccount(RowReader& row) {
  if (row.NextIsNull()) {
    row.Skip(5);
    return std::nullopt;
  }
  Account account;
  account.id.bytes = row.IdBytes();
  account.user_type = row.NextUserType();
  account.disabled = row.Text() != "active";
  account.token_version = row.Int();
  account.created_at = row.Time();
  return account;
}

std::optional<Identity> ReadIdentity(RowReader& row, const UserId& user_id) {
  if (row.NextIsNull()) {
    row.Skip(3);
    return std::nullopt;
  }
  Identity identity;
  identity.user_id = user_id;
  identity.subject.identifier = row.Text();
  identity.subject.user_type = row.NextUserType();
  identity.verified_at = row.Time();
  return identity;
}

std::optional<RecordedSession> ReadRecordedSession(RowReader& row) {
  if (row.NextIsNull()) {
    row.Skip(9);
    return std::nullopt;
  }
  row.Skip(1);
  RecordedSession session;
  session.generation = row.Int();
  session.revoked = row.Bool();
  session.key_id = row.Text();
  session.token_version = row.Int();
  session.created_at = row.Time();
  session.idle_expires_at = row.Time();
  session.absolute_expires_at = row.Time();
  session.amr = row.Text();
  return session;
}

}  // namespace otpgate
