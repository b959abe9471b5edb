#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_LIMITS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_LIMITS_H_

#include "storage/postgres/statement.h"
#include "storage/postgres/table_rows.h"
#include "storage/postgres/write_statement.h"
#include "storage/tables.h"

// The table `limits`.
namespace otpgate::storage::postgres {

// Loads buckets. The clock is read once, after the snapshot.
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

// A row: Change<Bucket>, BucketState.
using BucketColumns = TableRows<GuardedRows<kLimitsTable, Bucket, BucketState>>;

// Guards a write of buckets; see kGuardSubjects.
inline const Fragment kGuardBuckets = BucketColumns::ExpandFragment("won", R"sql(
INSERT INTO limits AS l (version, previous_version, {columns})
SELECT i.version, i.expected, {i.columns}
  FROM unnest({types}) AS i ({names})
 ORDER BY i.bucket COLLATE "C"
ON CONFLICT ({key}) DO UPDATE
   SET version = excluded.version, previous_version = excluded.previous_version,
       {guarded = excluded.guarded}
 WHERE l.version = excluded.previous_version
RETURNING version
)sql");

inline const Statement kWriteBuckets = JoinFragments("write_buckets", kGuardBuckets, {});

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_LIMITS_H_
