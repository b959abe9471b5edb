#ifndef OTPGATE_STORAGE_POSTGRES_PG_BUCKET_STORE_H_
#define OTPGATE_STORAGE_POSTGRES_PG_BUCKET_STORE_H_

#include "base/clock.h"
#include "base/pg/connection.h"
#include "storage/postgres/guarded_write.h"
#include "storage/postgres/store_connection.h"
#include "storage/storage.h"

namespace otpgate::storage::postgres {

// Store<Bucket> over PostgreSQL, with its own connection. Connects at the first call.
class PgBucketStore final : public Store<Bucket> {
 public:
  PgBucketStore(pg::ConnectionOptions options, const Clock& clock);

  absl::StatusOr<Loaded<Bucket>> Load(absl::Span<const BucketAsk> asks) override;
  absl::StatusOr<Won> Write(absl::Span<const Change<Bucket>> changes,
                            absl::Time valid_until) override;

 private:
  StoreConnection connection_;
  LoadedClock clock_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_PG_BUCKET_STORE_H_
