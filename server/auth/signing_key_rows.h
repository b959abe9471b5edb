#ifndef OTPGATE_SERVER_AUTH_SIGNING_KEY_ROWS_H_
#define OTPGATE_SERVER_AUTH_SIGNING_KEY_ROWS_H_

#include "absl/time/time.h"
#include "server/crypto/aead.h"
#include "server/crypto/keyring.h"
#include "server/runtime/random.h"
#include "storage/signing_keys.h"

namespace otpgate {

// A key is published this long before it signs: longer than callers keep the JWKS (10 minutes) and
// servers their keys (seconds).
inline constexpr absl::Duration kPublishedAhead = absl::Minutes(15);
// And this long after the next one took over: an access token lives 15 minutes at most, and
// verifiers allow for a minute of clock skew.
inline constexpr absl::Duration kPublishedAfter = absl::Minutes(20);

// A new key that signs from `active_from` on, sealed under the master key.
SigningKeyRow NewSigningKey(const crypto::Sealer& sealer, Random& random, absl::Time now,
                            absl::Time active_from);

// How signing keys are sealed.
crypto::Sealer SigningKeySealer(const crypto::Keyring& master);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_SIGNING_KEY_ROWS_H_
