#include "storage/postgres/account_rows.h"

#include "storage/postgres/table_rows.h"
#include "storage/tables.h"

namespace otpgate::storage::postgres {

std::optional<Account> ReadAccount(RowReader& row) {
  if (row.NextIsNull()) {
    row.Skip(kColumnsOf<kUsersTable, Account>);
    return std::nullopt;
  }
  Account account;
  ReadColumns<kUsersTable>(row, account);
  return account;
}

std::optional<Identity> ReadIdentity(RowReader& row, const UserId& user_id) {
  if (row.NextIsNull()) return std::nullopt;
  Identity identity;
  identity.user_id = user_id;
  ReadColumns<kIdentitiesTable>(row, identity.subject);
  identity.verified_at = row.Time();
  return identity;
}

std::optional<RecordedSession> ReadRecordedSession(RowReader& row) {
  if (row.NextIsNull()) {
    row.Skip(2 + kColumnsOf<kSessionsTable, RecordedSession>);
    return std::nullopt;
  }
  row.Skip(1);
  RecordedSession session;
  session.revoked = row.Bool();
  ReadColumns<kSessionsTable>(row, session);
  return session;
}

}  // namespace otpgate::storage::postgres
