#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_SESSIONS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_SESSIONS_H_

#include "storage/postgres/statement.h"
#include "storage/postgres/statements/audit_events.h"
#include "storage/postgres/table_rows.h"
#include "storage/postgres/write_statement.h"
#include "storage/tables.h"

// The table `sessions`.
namespace otpgate::storage::postgres {

// A row: Owner, NewSession.
using SessionColumns = TableRows<OwnedRows<kSessionsTable, NewSession>>;

// A session is inserted under a fresh id, at generation 0.
inline const Fragment kWriteSessions = SessionColumns::ExpandFragment("write_sessions", R"sql(
INSERT INTO sessions (version, generation, {columns})
SELECT i.owner, 0, {i.columns}
  FROM unnest({types}) AS i ({names})
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
)sql");

// A row: AccountKey.
using AccountAskColumns = TableRows<PlainRows<kSessionsTable, AccountKey>>;

// Loads what an access token is compared with, from one snapshot: session, account and identities.
// One row per identity, or one row without.
//   $1 bytea[] user id   $2 bytea[] session id       index: the primary keys
inline const Statement kLoadAccountViews{"load_account_views", R"sql(
SELECT ask.n, timestamptz_send((SELECT clock_timestamp())),
       (SELECT timestamptz_send(at) FROM not_before WHERE name = 'sessions'),
       u.version, u.id, u.user_type, u.status, u.token_version, timestamptz_send(u.created_at),
       s.id, s.revoked_at IS NOT NULL, s.generation, s.key_id, s.token_version,
       timestamptz_send(s.created_at), timestamptz_send(s.idle_expires_at),
       timestamptz_send(s.absolute_expires_at), s.amr,
       i.identifier, i.user_type, timestamptz_send(i.verified_at)
  FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS ask (user_id, session_id, n)
  LEFT JOIN users u ON u.id = ask.user_id
  LEFT JOIN sessions s ON s.user_id = ask.user_id AND s.id = ask.session_id
  LEFT JOIN identities i ON i.user_id = ask.user_id
)sql"};

// Loads sessions that are to be changed, with the account and the global sign-out that they are
// compared with.
//   $1 bytea[] user id   $2 bytea[] session id       index: the primary keys
inline const Statement kLoadSessions{"load_sessions", R"sql(
SELECT ask.n, timestamptz_send((SELECT clock_timestamp())),
       (SELECT timestamptz_send(at) FROM not_before WHERE name = 'sessions'),
       s.version, s.previous_version, s.generation, s.key_id, s.token_version,
       timestamptz_send(s.created_at), timestamptz_send(s.idle_expires_at),
       timestamptz_send(s.absolute_expires_at), s.caller, s.amr,
       timestamptz_send(s.rotated_at), s.rotated_by, timestamptz_send(s.revoked_at),
       s.revoked_reason,
       u.id, u.user_type, u.status, u.token_version, timestamptz_send(u.created_at)
  FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS ask (user_id, session_id, n)
  LEFT JOIN sessions s ON s.user_id = ask.user_id AND s.id = ask.session_id
  LEFT JOIN users u ON u.id = ask.user_id
)sql"};

// A row: AccountKey, Change<Session>, SessionState.
using SessionChangeColumns =
    TableRows<GuardedRows<kSessionsTable, Session, AccountKey, SessionState>>;

// A removed session is not inserted again: the join needs its row. Columns that a write does not
// change are taken from that row.
inline const Fragment kGuardSessions = SessionChangeColumns::ExpandFragment("won", R"sql(
INSERT INTO sessions AS s (version, previous_version, {key}, {insert_only}, {guarded})
SELECT i.version, i.expected, {o.key}, {o.insert_only}, {i.guarded}
  FROM unnest({types}) AS i ({names})
  JOIN sessions o ON o.user_id = i.user_id AND o.id = i.id
 ORDER BY o.user_id, o.id
ON CONFLICT ({key}) DO UPDATE
   SET version = excluded.version, previous_version = excluded.previous_version,
       {guarded = excluded.guarded}
 WHERE s.version = excluded.previous_version
RETURNING s.version
)sql");

inline const Statement kChangeSessions = JoinFragments("write_sessions", kGuardSessions, {});
inline const Statement kChangeSessionsAudited =
    JoinFragments("write_sessions_audited", kGuardSessions, {&kWriteAuditEvents});

// Loads the sessions of accounts that are not revoked, oldest first.
//   $1 bytea[] user id                               index: sessions_pkey
inline const Statement kListSessions{"list_sessions", R"sql(
SELECT ask.n, timestamptz_send((SELECT clock_timestamp())),
       timestamptz_send(coalesce(s.rotated_at, s.created_at)),
       s.id, s.token_version, timestamptz_send(s.created_at), timestamptz_send(s.idle_expires_at),
       timestamptz_send(s.absolute_expires_at), s.caller, s.device_info, s.ip, s.amr
  FROM unnest($1::bytea[]) WITH ORDINALITY AS ask (user_id, n)
  LEFT JOIN sessions s ON s.user_id = ask.user_id AND s.revoked_at IS NULL
 ORDER BY ask.n, s.id
)sql"};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_SESSIONS_H_
