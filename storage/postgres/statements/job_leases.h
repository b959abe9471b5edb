#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_JOB_LEASES_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_JOB_LEASES_H_

#include "storage/postgres/statement.h"

// The table `job_leases`. Each statement is a transaction of its own and concerns one row, so its
// arrays have one element. All use job_leases_pkey.
namespace otpgate::storage::postgres {

// Takes a lease. One that was written while the clock was ahead does not count once the clock is
// right again: it started more than a minute in the future, or ends more than kJobLeaseMax and a
// minute from now. A finished lease has held_until = started_at. The last sub-select sees the row
// as it was before the statement; its result matters only if the lease was not taken.
//   $1 text[] name   $2 text[] holder   $3 bigint[] microseconds of lease   $4 boolean[] at once
// One row: taken, microseconds until it is free and due.
inline const Statement kTakeLease{"take_lease", R"sql(
WITH taken AS (
INSERT INTO job_leases AS l (name, holder, held_until, due_at, started_at, result)
SELECT i.name, i.holder, statement_timestamp() + i.lease * interval '1 microsecond',
       statement_timestamp(), statement_timestamp(), ''
  FROM unnest($1::text[], $2::text[], $3::bigint[]) AS i (name, holder, lease)
ON CONFLICT (name) DO UPDATE
   SET holder = excluded.holder, held_until = excluded.held_until,
       started_at = excluded.started_at
 WHERE ((l.held_until <= excluded.started_at
         OR l.held_until > excluded.started_at + interval '11 minutes')
        AND (l.due_at <= excluded.started_at OR ($4::boolean[])[1]))
    OR l.started_at > excluded.started_at + interval '1 minute'
RETURNING 1
)
SELECT EXISTS (SELECT FROM taken),
       coalesce((SELECT extract(epoch FROM greatest(l.held_until, l.due_at) - statement_timestamp())
                        * 1000000
                   FROM job_leases l WHERE l.name = ($1::text[])[1]), 0)::bigint
)sql"};

// Extends a lease.
//   $1 text[] name   $2 text[] holder   $3 bigint[] microseconds of lease
// One row if the lease is still held.
inline const Statement kRenewLease{"renew_lease", R"sql(
UPDATE job_leases
   SET held_until = statement_timestamp() + ($3::bigint[])[1] * interval '1 microsecond'
 WHERE name = ($1::text[])[1] AND holder = ($2::text[])[1]
RETURNING 1
)sql"};

// Ends a lease.
//   $1 text[] name   $2 text[] holder   $3 bigint[] microseconds of interval   $4 text[] result
// One row if the lease was still held.
inline const Statement kFinishLease{"finish_lease", R"sql(
UPDATE job_leases
   SET held_until = started_at, finished_at = statement_timestamp(),
       due_at = started_at + ($3::bigint[])[1] * interval '1 microsecond',
       result = ($4::text[])[1]
 WHERE name = ($1::text[])[1] AND holder = ($2::text[])[1]
RETURNING 1
)sql"};

//   $1 text[] name
inline const Statement kReadLease{"read_lease", R"sql(
SELECT holder, timestamptz_send(held_until), timestamptz_send(due_at),
       timestamptz_send(started_at), timestamptz_send(finished_at), result,
       timestamptz_send(statement_timestamp())
  FROM job_leases WHERE name = ($1::text[])[1]
)sql"};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_JOB_LEASES_H_
