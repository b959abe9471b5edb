#ifndef OTPGATE_STORAGE_POSTGRES_PG_GLOBAL_SIGN_OUT_H_
#define OTPGATE_STORAGE_POSTGRES_PG_GLOBAL_SIGN_OUT_H_

#include "storage/not_before.h"
#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_session.h"

namespace otpgate {

// GlobalSignOut over PostgreSQL. One connection; one thread per object.
class PgGlobalSignOut final : public GlobalSignOut {
 public:
  explicit PgGlobalSignOut(PgOptions options);

  absl::StatusOr<absl::Time> Raise(absl::Time at, const AuditEvent& audit) override;

 private:
  PgSession session_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_PG_GLOBAL_SIGN_OUT_H_
