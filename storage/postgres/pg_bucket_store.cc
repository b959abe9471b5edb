#include "storage/postgres/pg_bucket_store.h"

#include <utility>

#include "base/status_macros.h"
#include "storage/postgres/statements/limits.h"
#include "storage/row_limits.h"

namespace otpgate::storage::postgres {

PgBucketStore::PgBucketStore(pg::ConnectionOptions options, const Clock& clock)
    : connection_(std::move(options), {&kLoadBuckets, &kWriteBuckets}), clock_(clock) {}

absl::StatusOr<Loaded<Bucket>> PgBucketStore::Load(absl::Span<const BucketAsk> asks) {
  Loaded<Bucket> loaded;
  loaded.rows.resize(asks.size());
  BucketAskColumns columns;
  for (const BucketAsk& ask : asks) columns.Add(ask);
  clock_.LoadStarts();
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kLoadBuckets, columns.ToParams(), [&](RowReader& in) {
    Row<Bucket>& row = loaded.rows.at(static_cast<size_t>(in.Int64() - 1));
    loaded.now = in.Time();
    if (in.NextIsNull()) return;
    row.version = in.Int64();
    row.previous = in.Int64();
    ReadColumns<kLimitsTable>(in, row.state);
  }));
  clock_.LoadEnded(loaded.now);
  return loaded;
}

absl::StatusOr<PgBucketStore::Won> PgBucketStore::Write(absl::Span<const Change<Bucket>> changes,
                                                        absl::Time valid_until) {
  OTPGATE_RETURN_IF_ERROR(CheckWrite<Bucket>(changes));
  BucketColumns columns;
  for (const Change<Bucket>& change : changes) columns.Add(change, change.state);
  OTPGATE_ASSIGN_OR_RETURN(
      std::vector<Version> versions,
      WriteGuarded(connection_, kWriteBuckets, columns.ToParams(), clock_, valid_until));
  return MatchWinners(changes, versions);
}

}  // namespace otpgate::storage::postgres
