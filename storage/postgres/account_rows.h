#ifndef OTPGATE_STORAGE_POSTGRES_ACCOUNT_ROWS_H_
#define OTPGATE_STORAGE_POSTGRES_ACCOUNT_ROWS_H_

#include <optional>

#include "storage/postgres/row_reader.h"
#include "storage/types.h"

// Groups of columns that several statements return alike. Each reads its whole group; nullopt when
// there was no such row.
namespace otpgate {

// u.id, u.user_type, u.status, u.token_version, u.created_at
std::optional<Account> ReadAccount(RowReader& row);

// i.identifier, i.user_type, i.verified_at
std::optional<Identity> ReadIdentity(RowReader& row, const UserId& user_id);

// s.id, s.generation, revoked, s.key_id, s.token_version, s.created_at, s.absolute_expires_at,
// s.amr
std::optional<RecordedSession> ReadRecordedSession(RowReader& row);

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_ACCOUNT_ROWS_H_
