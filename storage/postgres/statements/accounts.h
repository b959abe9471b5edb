#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_ACCOUNTS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_ACCOUNTS_H_

#include "storage/postgres/statement.h"
#include "storage/postgres/statements/audit_events.h"
#include "storage/postgres/table_rows.h"
#include "storage/postgres/write_statement.h"
#include "storage/tables.h"

// The tables `users` and `identities`.
namespace otpgate::storage::postgres {

// Loads accounts with their identities: one row per identity, or one row without.
//   $1 bytea[] user id                               index: users_pkey, identities_pkey
inline const Statement kLoadAccounts{"load_accounts", R"sql(
SELECT ask.n, u.id, u.user_type, u.status, u.token_version, timestamptz_send(u.created_at),
       i.identifier, i.user_type, timestamptz_send(i.verified_at)
  FROM unnest($1::bytea[]) WITH ORDINALITY AS ask (user_id, n)
  LEFT JOIN users u ON u.id = ask.user_id
  LEFT JOIN identities i ON i.user_id = ask.user_id
)sql"};

class AccountIdColumns final : public Columns {
 public:
  AccountIdColumns() : Columns({&user_id_}) {}
  void Add(const UserId& id) { user_id_.AddUnlessEmpty(id.bytes); }

 private:
  BytesArray user_id_;
};

// A row: Owner, Account.
using UserColumns = TableRows<OwnedRows<kUsersTable, Account>>;

// An account is inserted under a fresh id, so there is no conflict.
inline const Fragment kWriteUsers = UserColumns::ExpandFragment("write_users", R"sql(
INSERT INTO users (version, {columns})
SELECT i.owner, {i.columns}
  FROM unnest({types}) AS i ({names})
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
)sql");

// A row: Owner, SubjectKey, Identity.
using IdentityColumns = TableRows<OwnedRows<kIdentitiesTable, SubjectKey, Identity>>;

inline const Fragment kWriteIdentities = IdentityColumns::ExpandFragment("write_identities", R"sql(
INSERT INTO identities ({columns})
SELECT {i.columns}
  FROM unnest({types}) AS i ({names})
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
ON CONFLICT ({key}) DO UPDATE
   SET {guarded = excluded.guarded}
)sql");

// Loads accounts that are to be changed.
//   $1 bytea[] user id                               index: users_pkey
inline const Statement kLoadUsers{"load_users", R"sql(
SELECT ask.n, timestamptz_send((SELECT clock_timestamp())), u.version, u.previous_version,
       u.id, u.user_type, u.status, u.token_version, timestamptz_send(u.created_at)
  FROM unnest($1::bytea[]) WITH ORDINALITY AS ask (user_id, n)
  LEFT JOIN users u ON u.id = ask.user_id
)sql"};

// A row: Change<User>, Account.
using UserChangeColumns = TableRows<GuardedRows<kUsersTable, User, Account>>;

// As kGuardSessions: a removed account is not inserted again.
inline const Fragment kGuardUsers = UserChangeColumns::ExpandFragment("won", R"sql(
INSERT INTO users AS u (version, previous_version, {key}, {insert_only}, {guarded})
SELECT i.version, i.expected, {o.key}, {o.insert_only}, {i.guarded}
  FROM unnest({types}) AS i ({names})
  JOIN users o ON o.id = i.id
 ORDER BY o.id
ON CONFLICT ({key}) DO UPDATE
   SET version = excluded.version, previous_version = excluded.previous_version,
       {guarded = excluded.guarded}
 WHERE u.version = excluded.previous_version
RETURNING u.version
)sql");

inline const Statement kChangeUsers =
    JoinFragments("write_users", kGuardUsers, {&kWriteAuditEvents});

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_ACCOUNTS_H_
