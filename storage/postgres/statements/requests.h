#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_REQUESTS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_REQUESTS_H_

#include <string>

#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"
#include "storage/postgres/write_statement.h"
#include "storage/types.h"

// The table `requests`.
namespace otpgate {

// The column `scope` of `requests` and `audit_events`: "live:+14155550100".
std::string ScopeOf(const SubjectKey& key);

// Recorded outcomes by key, with the session each refers to, and the version of the subject that
// they belong to: if it is not the one that was read before, the two do not fit together.
//   $1 text[] identifier   $2 text[] user type   $3 text[] caller   $4 text[] method
//   $5 bytea[] request id              index: subjects_pkey, requests_pkey, sessions_pkey
inline const Statement kLoadRequests{"load_requests", R"sql(
SELECT ask.n, o.version, r.fingerprint, r.reason, r.otp_id, timestamptz_send(r.expires_at),
       r.attempts_remaining, r.user_id, r.session_id, r.new_user, timestamptz_send(r.created_at),
       s.id, s.generation, s.revoked_at IS NOT NULL, s.key_id, s.token_version,
       timestamptz_send(s.created_at), timestamptz_send(s.idle_expires_at),
       timestamptz_send(s.absolute_expires_at), s.amr
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[]) WITH ORDINALITY
       AS ask (identifier, user_type, caller, method, request_id, n)
  JOIN subjects o ON o.identifier = ask.identifier AND o.user_type = ask.user_type
  JOIN requests r ON r.scope = ask.user_type || ':' || ask.identifier AND r.caller = ask.caller AND r.method = ask.method
                 AND r.request_id = ask.request_id
  LEFT JOIN sessions s ON s.user_id = r.user_id AND s.id = r.session_id
)sql"};

class RequestAskColumns final : public Columns {
 public:
  RequestAskColumns();
  void Add(const SubjectKey& subject, const RequestKey& key);

 private:
  TextArray identifier_, user_type_, caller_, method_;
  BytesArray request_id_;
};

// Upserted: a row that is too old to count may still be there.
inline constexpr Fragment kWriteRequests{"write_requests", R"sql(
INSERT INTO requests (scope, caller, method, request_id, fingerprint, reason, otp_id, expires_at,
       attempts_remaining, user_id, session_id, new_user, created_at)
SELECT i.scope, i.caller, i.method, i.request_id, i.fingerprint, i.reason, i.otp_id, i.expires_at,
       i.attempts_remaining, i.user_id, i.session_id, i.new_user, i.created_at
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[],
              $7::integer[], $8::bytea[], $9::timestamptz[], $10::integer[], $11::bytea[],
              $12::bytea[], $13::boolean[], $14::timestamptz[])
       AS i (owner, scope, caller, method, request_id, fingerprint, reason, otp_id, expires_at,
             attempts_remaining, user_id, session_id, new_user, created_at)
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
ON CONFLICT (scope, caller, method, request_id) DO UPDATE
   SET fingerprint = excluded.fingerprint, reason = excluded.reason, otp_id = excluded.otp_id,
       expires_at = excluded.expires_at, attempts_remaining = excluded.attempts_remaining,
       user_id = excluded.user_id, session_id = excluded.session_id,
       new_user = excluded.new_user, created_at = excluded.created_at
)sql",
                                         14};

class RequestColumns final : public Columns {
 public:
  RequestColumns();
  void Add(Version owner, const SubjectKey& subject, const RequestRecord& record);

 private:
  Int64Array owner_;
  TextArray scope_, caller_, method_;
  BytesArray request_id_, fingerprint_;
  Int32Array reason_;
  BytesArray otp_id_;
  TimeArray expires_at_;
  Int32Array attempts_remaining_;
  BytesArray user_id_, session_id_;
  BoolArray new_user_;
  TimeArray created_at_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_REQUESTS_H_
