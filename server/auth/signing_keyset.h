#ifndef OTPGATE_SERVER_AUTH_SIGNING_KEYSET_H_
#define OTPGATE_SERVER_AUTH_SIGNING_KEYSET_H_

#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/crypto/signing.h"
#include "server/runtime/current.h"

namespace otpgate {

// The keys of access tokens, as one server holds them. Immutable, so thread-safe.
class SigningKeyset {
 public:
  // `published`: the public keys of the JWKS, that of `active` included.
  SigningKeyset(crypto::SigningKey active, std::vector<crypto::VerifyKey> published)
      : active_(std::move(active)), published_(std::move(published)) {}

  const crypto::SigningKey& active() const { return active_; }
  const std::vector<crypto::VerifyKey>& published() const { return published_; }

  // Null: no such key.
  const crypto::VerifyKey* Find(absl::string_view kid) const {
    for (const crypto::VerifyKey& key : published_) {
      if (key.kid() == kid) return &key;
    }
    return nullptr;
  }

 private:
  const crypto::SigningKey active_;
  const std::vector<crypto::VerifyKey> published_;
};

// The key set in force; none until the database was reached for the first time.
using CurrentKeyset = Current<SigningKeyset>;

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_SIGNING_KEYSET_H_
