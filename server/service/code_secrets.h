#ifndef OTPGATE_SERVER_SERVICE_CODE_SECRETS_H_
#define OTPGATE_SERVER_SERVICE_CODE_SECRETS_H_

#include "server/keys/code.h"
#include "server/keys/fingerprint.h"
#include "server/keys/handle.h"
#include "server/keys/keyring.h"
#include "server/keys/refresh_token.h"
#include "server/runtime/current.h"

namespace otpgate::service {

// The MACs, handles and refresh tokens that use the root secrets. Immutable, so thread-safe.
struct CodeSecrets {
  CodeSecrets(const keys::Keyring& peppers, const keys::Keyring& handle_keys,
              const keys::Keyring& refresh_keys)
      : macs(peppers),
        fingerprints(peppers),
        handles(handle_keys),
        refresh_tokens(refresh_keys),
        session_tokens(refresh_keys, keys::RefreshTokens::kSessionUse) {}

  const keys::CodeMac macs;
  const keys::Fingerprints fingerprints;
  const keys::Handles handles;
  const keys::RefreshTokens refresh_tokens;
  const keys::RefreshTokens session_tokens;
};

// The secrets in force; never null. Rows, handles and tokens carry key ids, so that a new set reads
// what an older one wrote.
using CurrentSecrets = runtime::Current<CodeSecrets>;

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_CODE_SECRETS_H_
