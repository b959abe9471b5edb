#ifndef OTPGATE_STORAGE_POSTGRES_PG_SUBJECT_STORE_H_
#define OTPGATE_STORAGE_POSTGRES_PG_SUBJECT_STORE_H_

#include "base/clock.h"
#include "base/pg/connection.h"
#include "storage/postgres/guarded_write.h"
#include "storage/postgres/store_connection.h"
#include "storage/postgres/subject_write.h"
#include "storage/storage.h"

namespace otpgate::storage::postgres {

// Store<Subject> over PostgreSQL, with its own connection. Connects at the first call. A load is
// one round trip, plus one if requests and one if accounts are asked for; a write is one, or three
// if something in it expires.
class PgSubjectStore final : public Store<Subject> {
 public:
  PgSubjectStore(pg::ConnectionOptions options, const Clock& clock);

  absl::StatusOr<Loaded<Subject>> Load(absl::Span<const SubjectAsk> asks) override;
  absl::StatusOr<Won> Write(absl::Span<const Change<Subject>> changes,
                            absl::Time valid_until) override;

 private:
  SubjectWrite write_;
  StoreConnection connection_;
  LoadedClock clock_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_PG_SUBJECT_STORE_H_
