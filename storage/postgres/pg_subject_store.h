#ifndef OTPGATE_STORAGE_POSTGRES_PG_SUBJECT_STORE_H_
#define OTPGATE_STORAGE_POSTGRES_PG_SUBJECT_STORE_H_

#include "server/runtime/clock.h"
#include "storage/postgres/guarded_write.h"
#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_session.h"
#include "storage/postgres/subject_write.h"
#include "storage/storage.h"

namespace otpgate {

// Store<Subject> over PostgreSQL, with a connection of its own. Connects at the first call. Two
// round trips a batch (load, write); four when something expires; one more each when requests or
// accounts are asked for.
class PgSubjectStore final : public Store<Subject> {
 public:
  PgSubjectStore(PgOptions options, const Clock& clock);

  absl::StatusOr<Loaded<Subject>> Load(absl::Span<const SubjectAsk> asks) override;
  absl::StatusOr<Won> Write(absl::Span<const Change<Subject>> changes,
                            absl::Time valid_until) override;

 private:
  SubjectWrite write_;
  PgSession session_;
  LoadedClock clock_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_SUBJECT_STORE_H_
