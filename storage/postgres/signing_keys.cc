#include "storage/postgres/signing_keys.h"

#include <utility>

#include "server/runtime/status_macros.h"
#include "storage/postgres/statements/signing_keys.h"

namespace otpgate {

PgSigningKeys::PgSigningKeys(PgOptions options) : session_(std::move(options)) {}

absl::StatusOr<std::vector<SigningKeyRow>> PgSigningKeys::List() {
  std::vector<SigningKeyRow> keys;
  OTPGATE_RETURN_IF_ERROR(session_.Run(kListSigningKeys, {}, [&keys](RowReader& in) {
    SigningKeyRow key;
    key.kid = in.Text();
    key.sealed_private = in.Bytes();
    key.public_key = in.Bytes();
    key.created_at = in.Time();
    keys.push_back(std::move(key));
  }));
  return keys;
}

// A server that finds another's key in its way waits for that server's COMMIT and then reads it.
absl::StatusOr<std::vector<SigningKeyRow>> PgSigningKeys::AddIfNone(const SigningKeyRow& fresh) {
  SigningKeyColumns columns;
  columns.Add(fresh);
  OTPGATE_RETURN_IF_ERROR(session_.Run(kAddSigningKey, columns.ToParams(), [](RowReader&) {}));
  return List();
}

}  // namespace otpgate
