#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_SIGNING_KEYS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_SIGNING_KEYS_H_

#include "storage/postgres/statement.h"
#include "storage/postgres/table_rows.h"
#include "storage/tables.h"

// The table `signing_keys`.
namespace otpgate::storage::postgres {

// Loads all keys, a handful of rows; without a key one row with the clock.
inline const Statement kListSigningKeys{"list_signing_keys", R"sql(
SELECT timestamptz_send(c.now), k.kid, k.sealed_private, k.public_key,
       timestamptz_send(k.created_at), timestamptz_send(k.active_from), k.revoked_at IS NOT NULL
  FROM (SELECT clock_timestamp() AS now) AS c
  LEFT JOIN signing_keys AS k ON true
 ORDER BY k.active_from DESC
)sql"};

// A row: SigningKeyRow.
using SigningKeyColumns = TableRows<PlainRows<kSigningKeysTable, SigningKeyRow>>;

// The unique index signing_keys_active_from admits one of several servers that add at the same
// time.
inline const Statement kAddSigningKey{"add_signing_key", SigningKeyColumns::Expand(R"sql(
INSERT INTO signing_keys ({columns})
SELECT {i.columns}
  FROM unnest({types}) AS i ({names})
ON CONFLICT DO NOTHING
)sql")};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_SIGNING_KEYS_H_
