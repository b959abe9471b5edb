#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_SESSIONS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_SESSIONS_H_

#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"
#include "storage/postgres/write_statement.h"
#include "storage/types.h"

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
       u.version, u.id, u.user_type, u.status, u.token_version, timestamptz_send(u.created_at),
       s.id, s.generation, s.revoked_at IS NOT NULL, s.key_id, s.token_version,
       timestamptz_send(s.created_at), timestamptz_send(s.absolute_expires_at), s.amr,
       i.identifier, i.user_type, timestamptz_send(i.verified_at)
  FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS ask (user_id, session_id, n)
  LEFT JOIN users u ON u.id = ask.user_id
  LEFT JOIN sessions s ON s.user_id = ask.user_id AND s.id = ask.session_id
  LEFT JOIN identities i ON i.user_id = ask.user_id
)sql"};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_SESSIONS_H_
