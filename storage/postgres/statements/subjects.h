#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_SUBJECTS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_SUBJECTS_H_

#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"
#include "storage/postgres/write_statement.h"
#include "storage/storage.h"

// The table `subjects` and what is read with it.
namespace otpgate {

// Subjects with their codes, from one snapshot; clock_timestamp() once, after the snapshot. One row
// per code, or one without a code. `other_success_at`: newest success on another identity of the
// account, for disabled subjects only.
//   $1 text[] identifier   $2 text[] user_type      index: the primary keys
inline const Statement kLoadSubjects{"load_subjects", R"sql(
SELECT ask.n, timestamptz_send((SELECT clock_timestamp())), s.version, s.previous_version,
       s.user_id, s.failures, timestamptz_send(s.blocked_until), timestamptz_send(s.disabled_at),
       timestamptz_send(s.last_success_at), s.recent_sends, s.recent_resends,
       timestamptz_send(s.updated_at),
       CASE WHEN s.disabled_at IS NOT NULL THEN (
         SELECT timestamptz_send(max(o.last_success_at))
           FROM identities i
           JOIN subjects o ON o.identifier = i.identifier AND o.user_type = i.user_type
          WHERE i.user_id = s.user_id AND o.user_id = s.user_id
            AND (i.identifier, i.user_type) <> (s.identifier, s.user_type)) END,
       c.code_table, c.purpose, c.id, c.code_mac, c.key_id, c.attempts, c.bound,
       timestamptz_send(c.created_at), timestamptz_send(c.expires_at),
       timestamptz_send(c.verified_at), c.user_id
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS ask (identifier, user_type, n)
  LEFT JOIN subjects s ON s.identifier = ask.identifier AND s.user_type = ask.user_type
  LEFT JOIN LATERAL (
    SELECT 1 AS code_table, purpose, id, code_mac, key_id, attempts, bound, created_at, expires_at,
           verified_at, user_id
      FROM signup_otps WHERE identifier = ask.identifier AND user_type = ask.user_type
    UNION ALL
    SELECT 2, purpose, id, code_mac, key_id, attempts, bound, created_at, expires_at,
           verified_at, user_id
      FROM otp_sessions WHERE identifier = ask.identifier AND user_type = ask.user_type
  ) c ON true
)sql"};

class SubjectAskColumns final : public Columns {
 public:
  SubjectAskColumns() : Columns({&identifier_, &user_type_}) {}
  void Add(const SubjectKey& key);

 private:
  TextArray identifier_, user_type_;
};

// The guard of a subject's write. The value for previous_version is the version that was read:
// what is there must still have it. Ordered, so that writers lock in one order.
inline constexpr Fragment kGuardSubjects{"won", R"sql(
INSERT INTO subjects AS s (identifier, user_type, version, previous_version, user_id, failures,
       blocked_until, disabled_at, last_success_at, recent_sends, recent_resends, updated_at)
SELECT i.identifier, i.user_type, i.version, i.expected, i.user_id, i.failures,
       i.blocked_until, i.disabled_at, i.last_success_at, i.recent_sends::bigint[],
       i.recent_resends::bigint[], i.updated_at
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[], $6::integer[],
              $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[],
              $12::timestamptz[])
       AS i (identifier, user_type, version, expected, user_id, failures, blocked_until,
             disabled_at, last_success_at, recent_sends, recent_resends, updated_at)
 ORDER BY i.identifier COLLATE "C", i.user_type COLLATE "C"
ON CONFLICT (identifier, user_type) DO UPDATE
   SET version = excluded.version, previous_version = excluded.previous_version,
       user_id = excluded.user_id, failures = excluded.failures,
       blocked_until = excluded.blocked_until, disabled_at = excluded.disabled_at,
       last_success_at = excluded.last_success_at, recent_sends = excluded.recent_sends,
       recent_resends = excluded.recent_resends, updated_at = excluded.updated_at
 WHERE s.version = excluded.previous_version
RETURNING s.version
)sql",
                                         12};

class SubjectColumns final : public Columns {
 public:
  SubjectColumns();
  void Add(const Change<Subject>& change);

 private:
  TextArray identifier_, user_type_;
  Int64Array version_, expected_;
  BytesArray user_id_;
  Int32Array failures_;
  TimeArray blocked_until_, disabled_at_, last_success_at_;
  TextArray recent_sends_, recent_resends_;
  TimeArray updated_at_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_SUBJECTS_H_
