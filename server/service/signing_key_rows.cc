#include "server/service/signing_key_rows.h"

#include "base/crypto/signing.h"

namespace otpgate::service {
namespace {

absl::Time WholeMicros(absl::Time time) { return absl::FromUnixMicros(absl::ToUnixMicros(time)); }

}  // namespace

storage::SigningKeyRow NewSigningKey(const keys::Sealer& sealer, Random& random, absl::Time now,
                                     absl::Time active_from) {
  const crypto::SigningKey key = crypto::SigningKey::Generate();
  const crypto::Secret der = key.ToPrivateDer();
  return {.kid = key.kid(),
          .sealed_private = sealer.Seal(random, der.Reveal(), key.kid()),
          .public_key = key.public_key().ToPublicDer(),
          .created_at = WholeMicros(now),
          .active_from = WholeMicros(active_from)};
}

keys::Sealer SigningKeySealer(const keys::Keyring& master) {
  return keys::Sealer(master, "otpgate signing key 1");
}

}  // namespace otpgate::service
