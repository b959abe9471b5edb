#ifndef OTPGATE_SERVER_SERVICE_SIGNING_KEYSET_H_
#define OTPGATE_SERVER_SERVICE_SIGNING_KEYSET_H_

#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/crypto/signing.h"
#include "server/runtime/current.h"

namespace otpgate::service {

// The keys of access tokens in this server. Immutable, so thread-safe.
class SigningKeyset {
 public:
  // `published`: the public keys of the JWKS, that of `active` included. `former`: public keys that
  // are not published any more, and were not revoked. `next_can_sign`: see below.
  SigningKeyset(crypto::SigningKey active, std::vector<crypto::VerifyKey> published,
                std::vector<crypto::VerifyKey> former = {}, bool next_can_sign = true)
      : active_(std::move(active)),
        published_(std::move(published)),
        former_(std::move(former)),
        next_can_sign_(next_can_sign) {}

  const crypto::SigningKey& active() const { return active_; }
  const std::vector<crypto::VerifyKey>& published() const { return published_; }
  // False: the next key cannot be opened here, and no token can be signed once its turn comes.
  bool next_can_sign() const { return next_can_sign_; }

  // Null: no such key.
  const crypto::VerifyKey* Find(absl::string_view kid) const { return FindIn(published_, kid); }
  // Also finds former keys, for tokens that expired long ago.
  const crypto::VerifyKey* FindToRevoke(absl::string_view kid) const {
    const crypto::VerifyKey* published = Find(kid);
    return published != nullptr ? published : FindIn(former_, kid);
  }

 private:
  static const crypto::VerifyKey* FindIn(const std::vector<crypto::VerifyKey>& keys,
                                         absl::string_view kid) {
    for (const crypto::VerifyKey& key : keys) {
      if (key.kid() == kid) return &key;
    }
    return nullptr;
  }

  const crypto::SigningKey active_;
  const std::vector<crypto::VerifyKey> published_;
  const std::vector<crypto::VerifyKey> former_;
  const bool next_can_sign_;
};

// The key set in force. Null until it was loaded once, and while the active key cannot be opened.
using CurrentKeyset = runtime::Current<SigningKeyset>;

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_SIGNING_KEYSET_H_
