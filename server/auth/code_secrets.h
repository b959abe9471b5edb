#ifndef OTPGATE_SERVER_AUTH_CODE_SECRETS_H_
#define OTPGATE_SERVER_AUTH_CODE_SECRETS_H_

#include "server/crypto/code.h"
#include "server/crypto/fingerprint.h"
#include "server/crypto/handle.h"
#include "server/crypto/keyring.h"
#include "server/crypto/refresh_token.h"
#include "server/runtime/current.h"

namespace otpgate {

// What the root secrets outside the database are used for. Immutable, so thread-safe.
struct CodeSecrets {
  CodeSecrets(const crypto::Keyring& peppers, const crypto::Keyring& handle_keys,
              const crypto::Keyring& refresh_keys)
      : macs(peppers), fingerprints(peppers), handles(handle_keys), refresh_tokens(refresh_keys) {}

  const crypto::CodeMac macs;
  const crypto::Fingerprints fingerprints;
  const crypto::Handles handles;
  const crypto::RefreshTokens refresh_tokens;
};

// Those in force; there are always some. Key ids in rows and texts lead from one set to the next.
using CurrentSecrets = Current<CodeSecrets>;

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_CODE_SECRETS_H_
