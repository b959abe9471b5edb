#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_LIMITS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_LIMITS_H_

#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"
#include "storage/postgres/write_statement.h"
#include "storage/storage.h"

// The table `limits`.
namespace otpgate {

// Buckets by key; clock_timestamp() once, after the snapshot.
//   $1 text[] bucket                                 index: limits_pkey
inline const Statement kLoadBuckets{"load_buckets", R"sql(
SELECT ask.n, timestamptz_send((SELECT clock_timestamp())), l.version, l.previous_version,
       timestamptz_send(l.tat), timestamptz_send(l.updated_at)
  FROM unnest($1::text[]) WITH ORDINALITY AS ask (bucket, n)
  LEFT JOIN limits l ON l.bucket = ask.bucket
)sql"};

class BucketAskColumns final : public Columns {
 public:
  BucketAskColumns() : Columns({&bucket_}) {}
  void Add(const BucketAsk& ask) { bucket_.Add(ask.key); }

 private:
  TextArray bucket_;
};

// The guard of a bucket's write; see kGuardSubjects.
inline constexpr Fragment kGuardBuckets{"won", R"sql(
INSERT INTO limits AS l (bucket, version, previous_version, tat, updated_at)
SELECT i.bucket, i.version, i.expected, i.tat, i.updated_at
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[])
       AS i (bucket, version, expected, tat, updated_at)
 ORDER BY i.bucket COLLATE "C"
ON CONFLICT (bucket) DO UPDATE
   SET version = excluded.version, previous_version = excluded.previous_version,
       tat = excluded.tat, updated_at = excluded.updated_at
 WHERE l.version = excluded.previous_version
RETURNING version
)sql",
                                        5};

class BucketColumns final : public Columns {
 public:
  BucketColumns();
  void Add(const Change<Bucket>& change);

 private:
  TextArray bucket_;
  Int64Array version_, expected_;
  TimeArray tat_, updated_at_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_LIMITS_H_
