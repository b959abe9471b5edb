#include "storage/postgres/signing_keys.h"

#include <utility>

#include "server/runtime/status_macros.h"
#include "storage/postgres/statements/signing_keys.h"

namespace otpgate {

PgSigningKeys::PgSigningKeys(PgOptions options) : session_(std::move(options)) {}

absl::StatusOr<SigningKeyList> PgSigningKeys::List() {
  SigningKeyList list;
  OTPGATE_RETURN_IF_ERROR(session_.Run(kListSigningKeys, {}, [&list](RowReader& in) {
    list.now = in.Time();
    if (in.NextIsNull()) return;  // there is none
    SigningKeyRow key;
    key.kid = in.Text();
    key.sealed_private = in.Bytes();
    key.public_key = in.Bytes();
    key.created_at = in.Time();
    key.active_from = in.Time();
    key.revoked = in.Bool();
    list.keys.push_back(std::move(key));
  }));
  return list;
}

// A server that finds another's key in its way waits for that server's COMMIT and then reads it.
absl::StatusOr<SigningKeyList> PgSigningKeys::Add(const SigningKeyRow& fresh) {
  SigningKeyColumns columns;
  columns.Add(fresh);
  OTPGATE_RETURN_IF_ERROR(session_.Run(kAddSigningKey, columns.ToParams(), [](RowReader&) {}));
  return List();
}

}  // namespace otpgate
