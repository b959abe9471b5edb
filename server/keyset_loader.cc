#include "server/keyset_loader.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/crypto/signing.h"
#include "server/runtime/status_macros.h"

namespace otpgate {
namespace {

SigningKeyRow NewRow(const crypto::Sealer& sealer, const Clock& clock, Random& random) {
  const crypto::SigningKey key = crypto::SigningKey::Generate();
  const crypto::Secret der = key.ToPrivateDer();
  return {.kid = key.kid(),
          .sealed_private = sealer.Seal(random, der.Reveal(), key.kid()),
          .public_key = key.public_key().ToPublicDer(),
          .created_at = absl::FromUnixMicros(absl::ToUnixMicros(clock.Now()))};
}

}  // namespace

absl::StatusOr<std::shared_ptr<const SigningKeyset>> LoadKeyset(SigningKeys& store,
                                                                const crypto::Sealer& sealer,
                                                                const Clock& clock,
                                                                Random& random) {
  OTPGATE_ASSIGN_OR_RETURN(std::vector<SigningKeyRow> rows, store.List());
  if (rows.empty()) {
    absl::StatusOr<std::vector<SigningKeyRow>> added =
        store.AddIfNone(NewRow(sealer, clock, random));
    if (!added.ok()) return added.status();
    rows = *std::move(added);
  }
  const SigningKeyRow& active = rows.front();
  const std::optional<crypto::Secret> der = sealer.Open(active.sealed_private, active.kid);
  if (!der) {
    return absl::FailedPreconditionError(
        "the signing key in the database cannot be opened: secrets.master_key_file is not the one "
        "it was sealed with");
  }
  OTPGATE_ASSIGN_OR_RETURN(crypto::SigningKey key,
                           crypto::SigningKey::FromPrivateDer(der->Reveal()));
  std::vector<crypto::VerifyKey> published;
  for (const SigningKeyRow& row : rows) {
    OTPGATE_ASSIGN_OR_RETURN(crypto::VerifyKey public_key,
                             crypto::VerifyKey::FromPublicDer(row.public_key));
    published.push_back(std::move(public_key));
  }
  return std::make_shared<const SigningKeyset>(std::move(key), std::move(published));
}

}  // namespace otpgate
