#ifndef OTPGATE_STORAGE_POSTGRES_ACCOUNT_ROWS_H_
#define OTPGATE_STORAGE_POSTGRES_ACCOUNT_ROWS_H_

#include <optional>

#include "storage/postgres/row_reader.h"
#include "storage/types.h"

// Readers for groups of columns that several statements return; nullopt if there is no such row.
namespace otpgate::storage::postgres {

// Columns: SelectListOf<kUsersTable, Account>. Consumes all of them.
std::optional<Account> ReadAccount(RowReader& row);

// Columns: i.identifier, i.user_type, i.verified_at, the last ones of a statement.
std::optional<Identity> ReadIdentity(RowReader& row, const UserId& user_id);

// Columns: s.id, revoked, SelectListOf<kSessionsTable, RecordedSession>. Consumes all of them.
std::optional<RecordedSession> ReadRecordedSession(RowReader& row);

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_ACCOUNT_ROWS_H_
