#ifndef OTPGATE_SERVER_KEYSET_LOADER_H_
#define OTPGATE_SERVER_KEYSET_LOADER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/auth/signing_key_rows.h"
#include "server/auth/signing_keyset.h"
#include "server/crypto/aead.h"
#include "server/runtime/clock.h"
#include "server/runtime/random.h"
#include "storage/signing_keys.h"

namespace otpgate {

// The key set of this moment. Makes what is missing: the first key, one at once when the last was
// revoked, and the next one, published ahead, when the one that signs was used for `rotate_every`.
// Servers that do so together agree. Errors of the store, or
//   FAILED_PRECONDITION  the key that signs cannot be opened with this master key
absl::StatusOr<std::shared_ptr<const SigningKeyset>> LoadKeyset(SigningKeys& store,
                                                                const crypto::Sealer& sealer,
                                                                Random& random,
                                                                absl::Duration rotate_every);

// Puts the key set of this moment in force. When the key that signs cannot be opened, none is: the
// one before may have been revoked since, and what is not known to be good must not sign or verify.
// While the store is away the one before stays. Errors of LoadKeyset.
absl::Status RefreshKeyset(CurrentKeyset& current, SigningKeys& store, const crypto::Sealer& sealer,
                           Random& random, absl::Duration rotate_every);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_KEYSET_LOADER_H_
