#ifndef OTPGATE_SERVER_SERVICE_SIGNING_KEY_ROWS_H_
#define OTPGATE_SERVER_SERVICE_SIGNING_KEY_ROWS_H_

#include "absl/time/time.h"
#include "base/random.h"
#include "server/keys/aead.h"
#include "server/keys/keyring.h"
#include "storage/signing_keys.h"

namespace otpgate::service {

// How long a key is published before it signs: longer than callers keep the JWKS (10 minutes) and
// servers their key set (seconds).
inline constexpr absl::Duration kPublishedAhead = absl::Minutes(15);
// How long a key stays published after the next one took over: an access token lives for at most 15
// minutes, a proof for 10, and verifiers allow for a minute of clock skew.
inline constexpr absl::Duration kPublishedAfter = absl::Minutes(20);

// Makes a new key that signs from `active_from` on, sealed with the master key.
storage::SigningKeyRow NewSigningKey(const keys::Sealer& sealer, Random& random, absl::Time now,
                                     absl::Time active_from);

// The sealer of signing keys.
keys::Sealer SigningKeySealer(const keys::Keyring& master);

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_SIGNING_KEY_ROWS_H_
