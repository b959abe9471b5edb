#include "storage/postgres/pg_signing_keys.h"

#include <utility>

#include "base/status_macros.h"
#include "storage/postgres/statements/signing_keys.h"

namespace otpgate::storage::postgres {

PgSigningKeys::PgSigningKeys(pg::ConnectionOptions options) : connection_(std::move(options)) {}

absl::StatusOr<SigningKeyList> PgSigningKeys::List() {
  SigningKeyList list;
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kListSigningKeys, {}, [&list](RowReader& in) {
    list.now = in.Time();
    if (in.NextIsNull()) return;  // there is no key
    SigningKeyRow key;
    ReadColumns<kSigningKeysTable>(in, key);
    key.revoked = in.Bool();
    list.keys.push_back(std::move(key));
  }));
  return list;
}

// A server whose key conflicts with another's waits for the other's COMMIT and then reads that key.
absl::StatusOr<SigningKeyList> PgSigningKeys::Add(const SigningKeyRow& fresh) {
  SigningKeyColumns columns;
  columns.Add(fresh);
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kAddSigningKey, columns.ToParams(), [](RowReader&) {}));
  return List();
}

}  // namespace otpgate::storage::postgres
