#ifndef OTPGATE_STORAGE_POSTGRES_SIGNING_KEYS_H_
#define OTPGATE_STORAGE_POSTGRES_SIGNING_KEYS_H_

#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_session.h"
#include "storage/signing_keys.h"

namespace otpgate {

// SigningKeys over PostgreSQL, with a connection of its own. Connects at the first call.
class PgSigningKeys final : public SigningKeys {
 public:
  explicit PgSigningKeys(PgOptions options);

  absl::StatusOr<SigningKeyList> List() override;
  absl::StatusOr<SigningKeyList> Add(const SigningKeyRow& fresh) override;

 private:
  PgSession session_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_SIGNING_KEYS_H_
