#ifndef OTPGATE_STORAGE_POSTGRES_PG_GLOBAL_SIGN_OUT_H_
#define OTPGATE_STORAGE_POSTGRES_PG_GLOBAL_SIGN_OUT_H_

#include "base/pg/connection.h"
#include "storage/global_sign_out.h"
#include "storage/postgres/store_connection.h"

namespace otpgate::storage::postgres {

// GlobalSignOut over PostgreSQL. One connection; one thread per object.
class PgGlobalSignOut final : public GlobalSignOut {
 public:
  explicit PgGlobalSignOut(pg::ConnectionOptions options);

  absl::StatusOr<absl::Time> Raise(absl::Time at, const AuditEvent& audit) override;

 private:
  StoreConnection connection_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_PG_GLOBAL_SIGN_OUT_H_
