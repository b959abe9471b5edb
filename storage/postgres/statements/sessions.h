#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_SESSIONS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_SESSIONS_H_

#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"
#include "storage/postgres/write_statement.h"
#include "storage/session_types.h"
#include "storage/storage.h"

// The table `sessions`.
namespace otpgate {

// A session is born with a fresh id, at generation 0.
inline constexpr Fragment kWriteSessions{"write_sessions", R"sql(
INSERT INTO sessions (user_id, id, version, generation, key_id, token_version, created_at,
       idle_expires_at, absolute_expires_at, caller, device_info, ip, amr)
SELECT i.user_id, i.id, i.owner, 0, i.key_id, i.token_version, i.created_at,
       i.idle_expires_at, i.absolute_expires_at, i.caller, i.device_info, i.ip, i.amr
  FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::text[], $5::integer[],
              $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::text[], $10::text[],
              $11::text[], $12::text[])
       AS i (owner, user_id, id, key_id, token_version, created_at, idle_expires_at,
             absolute_expires_at, caller, device_info, ip, amr)
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
)sql",
                                         12};

class SessionColumns final : public Columns {
 public:
  SessionColumns();
  void Add(Version owner, const NewSession& session);

 private:
  Int64Array owner_;
  BytesArray user_id_, id_;
  TextArray key_id_;
  Int32Array token_version_;
  TimeArray created_at_, idle_expires_at_, absolute_expires_at_;
  TextArray caller_, device_info_, ip_, amr_;
};

class AccountAskColumns final : public Columns {
 public:
  AccountAskColumns();
  void Add(const AccountKey& key);

 private:
  BytesArray user_id_, session_id_;
};

// What a bearer's token is compared with, from one snapshot: session, account and identities. One
// row per identity, or one without.
//   $1 bytea[] user id   $2 bytea[] session id       index: the primary keys
inline const Statement kLoadAccountViews{"load_account_views", R"sql(
SELECT ask.n, timestamptz_send((SELECT clock_timestamp())),
       (SELECT timestamptz_send(at) FROM not_before WHERE name = 'sessions'),
       u.version, u.id, u.user_type, u.status, u.token_version, timestamptz_send(u.created_at),
       s.id, s.generation, s.revoked_at IS NOT NULL, s.key_id, s.token_version,
       timestamptz_send(s.created_at), timestamptz_send(s.idle_expires_at),
       timestamptz_send(s.absolute_expires_at), s.amr,
       i.identifier, i.user_type, timestamptz_send(i.verified_at)
  FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS ask (user_id, session_id, n)
  LEFT JOIN users u ON u.id = ask.user_id
  LEFT JOIN sessions s ON s.user_id = ask.user_id AND s.id = ask.session_id
  LEFT JOIN identities i ON i.user_id = ask.user_id
)sql"};

// Sessions to be changed, with the account and the global sign-out they are compared with.
//   $1 bytea[] user id   $2 bytea[] session id       index: the primary keys
inline const Statement kLoadSessions{"load_sessions", R"sql(
SELECT ask.n, timestamptz_send((SELECT clock_timestamp())),
       (SELECT timestamptz_send(at) FROM not_before WHERE name = 'sessions'),
       s.version, s.previous_version, s.key_id, s.generation, s.token_version,
       timestamptz_send(s.created_at), timestamptz_send(s.idle_expires_at),
       timestamptz_send(s.absolute_expires_at), s.caller, s.amr,
       timestamptz_send(s.rotated_at), s.rotated_by, timestamptz_send(s.revoked_at),
       s.revoked_reason,
       u.id, u.user_type, u.status, u.token_version, timestamptz_send(u.created_at)
  FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS ask (user_id, session_id, n)
  LEFT JOIN sessions s ON s.user_id = ask.user_id AND s.id = ask.session_id
  LEFT JOIN users u ON u.id = ask.user_id
)sql"};

// A session changes and never comes back: without its row there is nothing to join, and what cannot
// change is taken from there.
inline constexpr Fragment kGuardSessions{"won", R"sql(
INSERT INTO sessions AS s (user_id, id, version, previous_version, generation, key_id,
       token_version, created_at, idle_expires_at, absolute_expires_at, caller, device_info, ip,
       amr, rotated_at, rotated_by, revoked_at, revoked_reason)
SELECT o.user_id, o.id, i.version, i.expected, i.generation, i.key_id,
       o.token_version, o.created_at, i.idle_expires_at, o.absolute_expires_at, o.caller,
       o.device_info, o.ip, o.amr, i.rotated_at, i.rotated_by, i.revoked_at, i.revoked_reason
  FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bigint[], $5::integer[], $6::text[],
              $7::timestamptz[], $8::timestamptz[], $9::bytea[], $10::timestamptz[], $11::text[])
       AS i (user_id, id, version, expected, generation, key_id, idle_expires_at, rotated_at,
             rotated_by, revoked_at, revoked_reason)
  JOIN sessions o ON o.user_id = i.user_id AND o.id = i.id
 ORDER BY o.user_id, o.id
ON CONFLICT (user_id, id) DO UPDATE
   SET version = excluded.version, previous_version = excluded.previous_version,
       generation = excluded.generation, key_id = excluded.key_id,
       idle_expires_at = excluded.idle_expires_at, rotated_at = excluded.rotated_at,
       rotated_by = excluded.rotated_by, revoked_at = excluded.revoked_at,
       revoked_reason = excluded.revoked_reason
 WHERE s.version = excluded.previous_version
RETURNING s.version
)sql",
                                         11};

class SessionChangeColumns final : public Columns {
 public:
  SessionChangeColumns();
  void Add(const Change<Session>& change);

 private:
  BytesArray user_id_, id_;
  Int64Array version_, expected_;
  Int32Array generation_;
  TextArray key_id_;
  TimeArray idle_expires_at_, rotated_at_;
  BytesArray rotated_by_;
  TimeArray revoked_at_;
  TextArray revoked_reason_;
};

// What an account sees of its sessions, oldest first.
//   $1 bytea[] user id                               index: sessions_pkey
inline const Statement kListSessions{"list_sessions", R"sql(
SELECT ask.n, timestamptz_send((SELECT clock_timestamp())), s.id,
       timestamptz_send(s.created_at), timestamptz_send(coalesce(s.rotated_at, s.created_at)),
       timestamptz_send(s.idle_expires_at), timestamptz_send(s.absolute_expires_at),
       s.token_version, s.caller, s.device_info, s.ip, s.amr
  FROM unnest($1::bytea[]) WITH ORDINALITY AS ask (user_id, n)
  LEFT JOIN sessions s ON s.user_id = ask.user_id AND s.revoked_at IS NULL
 ORDER BY ask.n, s.id
)sql"};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_SESSIONS_H_
