#ifndef OTPGATE_SERVER_APP_KEYSET_LOADER_H_
#define OTPGATE_SERVER_APP_KEYSET_LOADER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/random.h"
#include "server/keys/aead.h"
#include "server/service/signing_key_rows.h"
#include "server/service/signing_keyset.h"
#include "storage/signing_keys.h"

namespace otpgate::app {

// Loads the current key set. Makes a key that is missing: the first one, one that signs at once
// when the last was revoked, and the next one, published ahead, after the active one has signed for
// `rotate_every`. Servers that do so at the same time agree on one key. Errors of the store, or
//   FAILED_PRECONDITION  the active key cannot be opened with this master key
//   UNAVAILABLE          no key signs yet
absl::StatusOr<std::shared_ptr<const service::SigningKeyset>> LoadKeyset(
    storage::SigningKeys& store, const keys::Sealer& sealer, Random& random,
    absl::Duration rotate_every);

// Loads the key set into `current`. On UNAVAILABLE the old set stays in force. On any other error
// none is: the old active key may have been revoked, and a key that is not known to be good must
// not sign or verify. Errors of LoadKeyset.
absl::Status RefreshKeyset(service::CurrentKeyset& current, storage::SigningKeys& store,
                           const keys::Sealer& sealer, Random& random, absl::Duration rotate_every);

}  // namespace otpgate::app

#endif  // OTPGATE_SERVER_APP_KEYSET_LOADER_H_
