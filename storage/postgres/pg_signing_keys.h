#ifndef OTPGATE_STORAGE_POSTGRES_PG_SIGNING_KEYS_H_
#define OTPGATE_STORAGE_POSTGRES_PG_SIGNING_KEYS_H_

#include "base/pg/connection.h"
#include "storage/postgres/store_connection.h"
#include "storage/signing_keys.h"

namespace otpgate::storage::postgres {

// SigningKeys over PostgreSQL, with its own connection. Connects at the first call.
class PgSigningKeys final : public SigningKeys {
 public:
  explicit PgSigningKeys(pg::ConnectionOptions options);

  absl::StatusOr<SigningKeyList> List() override;
  absl::StatusOr<SigningKeyList> Add(const SigningKeyRow& fresh) override;

 private:
  StoreConnection connection_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_PG_SIGNING_KEYS_H_
