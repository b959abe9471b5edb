#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_ACCOUNTS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_ACCOUNTS_H_

#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"
#include "storage/postgres/write_statement.h"
#include "storage/session_types.h"
#include "storage/storage.h"

// The tables `users` and `identities`.
namespace otpgate {

// Accounts with their identities: one row per identity, or one without.
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

// An account is born with a fresh id: nothing can be in its place.
inline constexpr Fragment kWriteUsers{"write_users", R"sql(
INSERT INTO users (id, version, user_type, status, token_version, created_at)
SELECT i.id, i.owner, i.user_type, i.status, i.token_version, i.created_at
  FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::integer[], $6::timestamptz[])
       AS i (owner, id, user_type, status, token_version, created_at)
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
)sql",
                                      6};

class UserColumns final : public Columns {
 public:
  UserColumns();
  void Add(Version owner, const Account& account);

 private:
  Int64Array owner_;
  BytesArray id_;
  TextArray user_type_, status_;
  Int32Array token_version_;
  TimeArray created_at_;
};

inline constexpr Fragment kWriteIdentities{"write_identities", R"sql(
INSERT INTO identities (user_id, identifier, user_type, verified_at)
SELECT i.user_id, i.identifier, i.user_type, i.verified_at
  FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::timestamptz[])
       AS i (owner, user_id, identifier, user_type, verified_at)
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
ON CONFLICT (user_id, identifier, user_type) DO UPDATE
   SET verified_at = excluded.verified_at
)sql",
                                           5};

class IdentityColumns final : public Columns {
 public:
  IdentityColumns();
  void Add(Version owner, const Identity& identity);

 private:
  Int64Array owner_;
  BytesArray user_id_;
  TextArray identifier_, user_type_;
  TimeArray verified_at_;
};

// Accounts to be changed.
//   $1 bytea[] user id                               index: users_pkey
inline const Statement kLoadUsers{"load_users", R"sql(
SELECT ask.n, timestamptz_send((SELECT clock_timestamp())), u.version, u.previous_version,
       u.id, u.user_type, u.status, u.token_version, timestamptz_send(u.created_at)
  FROM unnest($1::bytea[]) WITH ORDINALITY AS ask (user_id, n)
  LEFT JOIN users u ON u.id = ask.user_id
)sql"};

// As kGuardSessions: without its row an account stays away.
inline constexpr Fragment kGuardUsers{"won", R"sql(
INSERT INTO users AS u (id, version, previous_version, user_type, status, token_version, created_at)
SELECT o.id, i.version, i.expected, o.user_type, i.status, i.token_version, o.created_at
  FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::text[], $5::integer[])
       AS i (id, version, expected, status, token_version)
  JOIN users o ON o.id = i.id
 ORDER BY o.id
ON CONFLICT (id) DO UPDATE
   SET version = excluded.version, previous_version = excluded.previous_version,
       status = excluded.status, token_version = excluded.token_version
 WHERE u.version = excluded.previous_version
RETURNING u.version
)sql",
                                      5};

class UserChangeColumns final : public Columns {
 public:
  UserChangeColumns();
  void Add(const Change<User>& change);

 private:
  BytesArray id_;
  Int64Array version_, expected_;
  TextArray status_;
  Int32Array token_version_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_ACCOUNTS_H_
