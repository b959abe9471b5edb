#ifndef OTPGATE_SERVER_KEYSET_LOADER_H_
#define OTPGATE_SERVER_KEYSET_LOADER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "server/auth/signing_keyset.h"
#include "server/crypto/aead.h"
#include "server/runtime/clock.h"
#include "server/runtime/random.h"
#include "storage/signing_keys.h"

namespace otpgate {

// Reads the signing keys, and makes the first one when there is none: servers that start together
// agree on it. Errors of the store, or
//   FAILED_PRECONDITION  the key that signs cannot be opened with this master key
absl::StatusOr<std::shared_ptr<const SigningKeyset>> LoadKeyset(SigningKeys& store,
                                                                const crypto::Sealer& sealer,
                                                                const Clock& clock, Random& random);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_KEYSET_LOADER_H_
