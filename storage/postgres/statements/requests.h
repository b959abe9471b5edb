#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_REQUESTS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_REQUESTS_H_

#include "storage/postgres/statement.h"
#include "storage/postgres/table_rows.h"
#include "storage/tables.h"

// The table `requests`.
namespace otpgate::storage::postgres {

// The scope of a subject's rows: "live:+14155550100".
Scope ScopeOf(const SubjectKey& key);

// Loads recorded outcomes with the session that each refers to, and the version of their subject:
// if that is not the one that was read before, outcomes and subject do not fit together.
//   $1 text[] identifier   $2 text[] user type   $3 text[] caller   $4 text[] method
//   $5 bytea[] request id              index: subjects_pkey, requests_pkey, sessions_pkey
inline const Statement kLoadRequests{"load_requests", R"sql(
SELECT ask.n, o.version, r.fingerprint, r.reason, r.otp_id, timestamptz_send(r.expires_at),
       r.attempts_remaining, r.user_id, r.session_id, r.new_user, timestamptz_send(r.created_at),
       s.id, s.revoked_at IS NOT NULL, s.generation, s.key_id, s.token_version,
       timestamptz_send(s.created_at), timestamptz_send(s.idle_expires_at),
       timestamptz_send(s.absolute_expires_at), s.amr
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[]) WITH ORDINALITY
       AS ask (identifier, user_type, caller, method, request_id, n)
  JOIN subjects o ON o.identifier = ask.identifier AND o.user_type = ask.user_type
  JOIN requests r ON r.scope = ask.user_type || ':' || ask.identifier AND r.caller = ask.caller
                 AND r.method = ask.method AND r.request_id = ask.request_id
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

// A row: Owner, Scope, RequestKey, RequestRecord.
using RequestColumns = TableRows<OwnedRows<kRequestsTable, Scope, RequestKey, RequestRecord>>;

// An upsert, because a row that is too old to count may still be there.
inline const Fragment kWriteRequests = RequestColumns::ExpandFragment("write_requests", R"sql(
INSERT INTO requests ({columns})
SELECT {i.columns}
  FROM unnest({types}) AS i ({names})
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
ON CONFLICT ({key}) DO UPDATE
   SET {guarded = excluded.guarded}
)sql");

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_REQUESTS_H_
