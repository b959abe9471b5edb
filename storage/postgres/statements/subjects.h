#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_SUBJECTS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_SUBJECTS_H_

#include "storage/postgres/statement.h"
#include "storage/postgres/table_rows.h"
#include "storage/tables.h"

// The table `subjects` and what is read with it.
namespace otpgate::storage::postgres {

// Loads subjects with their codes, from one snapshot; the clock is read once, after the snapshot.
// One row per code, or one row without a code. The CASE is other_success_at: the newest success on
// another identity of the account, for disabled subjects only.
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

// A row: SubjectKey.
using SubjectAskColumns = TableRows<PlainRows<kSubjectsTable, SubjectKey>>;

// A row: SubjectKey, Change<Subject>, SubjectState.
using SubjectColumns = TableRows<GuardedRows<kSubjectsTable, Subject, SubjectKey, SubjectState>>;

// Guards a write of subjects. The new previous_version is the version that was read: a row that is
// there must still have it. Ordered, so that all writers lock in one order.
inline const Fragment kGuardSubjects = SubjectColumns::ExpandFragment("won", R"sql(
INSERT INTO subjects AS s (version, previous_version, {columns})
SELECT i.version, i.expected, {i.columns}
  FROM unnest({types}) AS i ({names})
 ORDER BY i.identifier COLLATE "C", i.user_type COLLATE "C"
ON CONFLICT ({key}) DO UPDATE
   SET version = excluded.version, previous_version = excluded.previous_version,
       {guarded = excluded.guarded}
 WHERE s.version = excluded.previous_version
RETURNING s.version
)sql");

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_SUBJECTS_H_
