#ifndef OTPGATE_STORAGE_POSTGRES_PG_BUCKET_STORE_H_
#define OTPGATE_STORAGE_POSTGRES_PG_BUCKET_STORE_H_

#include "server/runtime/clock.h"
#include "storage/postgres/guarded_write.h"
#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_session.h"
#include "storage/storage.h"

namespace otpgate {

// Store<Bucket> over PostgreSQL, with a connection of its own. Connects at the first call.
class PgBucketStore final : public Store<Bucket> {
 public:
  PgBucketStore(PgOptions options, const Clock& clock);

  absl::StatusOr<Loaded<Bucket>> Load(absl::Span<const BucketAsk> asks) override;
  absl::StatusOr<Won> Write(absl::Span<const Change<Bucket>> changes,
                            absl::Time valid_until) override;

 private:
  const Statement write_;
  PgSession session_;
  LoadedClock clock_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_BUCKET_STORE_H_
