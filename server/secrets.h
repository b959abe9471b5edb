#ifndef OTPGATE_SERVER_SECRETS_H_
#define OTPGATE_SERVER_SECRETS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "server/config/config.h"
#include "server/crypto/keyring.h"
#include "server/rpc/callers.h"
#include "server/runtime/random.h"

namespace otpgate {

// The root secrets of the process, one per use.
struct Secrets {
  crypto::Keyring peppers;  // MACs of codes, fingerprints of requests
  crypto::Keyring handle_keys;
  crypto::Keyring refresh_keys;
  crypto::Keyring master;  // seals what rests in the database
};

// From the configured files; in memory mode a path may be empty, which draws a key for this
// process. Errors name the file, never its content.
absl::StatusOr<Secrets> LoadSecrets(const Config& config, Random& random);

// The [[clients]] with the MACs of their secrets; in development also callers without credentials.
absl::StatusOr<Callers> LoadCallers(const Config& config);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_SECRETS_H_
