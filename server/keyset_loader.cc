#include "server/keyset_loader.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/crypto/signing.h"
#include "server/runtime/status_macros.h"

namespace otpgate {
namespace {

absl::Time WholeMicros(absl::Time time) { return absl::FromUnixMicros(absl::ToUnixMicros(time)); }

// The one that signs; null: there is none.
const SigningKeyRow* FindActive(const SigningKeyList& list) {
  for (const SigningKeyRow& key : list.keys) {
    if (!key.revoked && key.active_from <= list.now) return &key;
  }
  return nullptr;
}

// The time at which key i stopped signing.
absl::Time EndOf(const SigningKeyList& list, size_t i) {
  for (size_t next = i; next-- > 0;) {
    if (!list.keys[next].revoked) return list.keys[next].active_from;
  }
  return absl::InfiniteFuture();
}

bool IsPublished(const SigningKeyList& list, size_t i) {
  return !list.keys[i].revoked && list.now < EndOf(list, i) + kPublishedAfter;
}

// When the next key shall sign, if it is to be made now. Full hours, so that servers agree.
std::optional<absl::Time> NextDue(const SigningKeyList& list, const SigningKeyRow& active,
                                  absl::Duration rotate_every) {
  const bool has_next = !list.keys.empty() && list.keys.front().active_from > list.now;
  const absl::Time used_since = std::max(active.active_from, active.created_at);
  if (has_next || list.now < used_since + rotate_every) return std::nullopt;
  const int64_t hours = absl::ToUnixSeconds(list.now + kPublishedAhead) / 3600 + 1;
  return absl::FromUnixSeconds(hours * 3600);
}

absl::StatusOr<SigningKeyList> Complete(SigningKeys& store, const crypto::Sealer& sealer,
                                        Random& random, absl::Duration rotate_every) {
  OTPGATE_ASSIGN_OR_RETURN(SigningKeyList list, store.List());
  const SigningKeyRow* active = FindActive(list);
  std::optional<absl::Time> from;
  if (active != nullptr) {
    from = NextDue(list, *active, rotate_every);
  } else {
    from = list.keys.empty() ? absl::UnixEpoch() : WholeMicros(list.now);
  }
  if (!from) return list;
  return store.Add(NewSigningKey(sealer, random, list.now, *from));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const SigningKeyset>> LoadKeyset(SigningKeys& store,
                                                                const crypto::Sealer& sealer,
                                                                Random& random,
                                                                absl::Duration rotate_every) {
  OTPGATE_ASSIGN_OR_RETURN(const SigningKeyList list,
                           Complete(store, sealer, random, rotate_every));
  const SigningKeyRow* active = FindActive(list);
  if (active == nullptr) return absl::UnavailableError("no key signs yet");
  const std::optional<crypto::Secret> der = sealer.Open(active->sealed_private, active->kid);
  if (!der) {
    return absl::FailedPreconditionError(
        "the signing key in the database cannot be opened: secrets.master_key_file is not the one "
        "it was sealed with");
  }
  OTPGATE_ASSIGN_OR_RETURN(crypto::SigningKey key,
                           crypto::SigningKey::FromPrivateDer(der->Reveal()));
  std::vector<crypto::VerifyKey> published;
  for (size_t i = 0; i < list.keys.size(); ++i) {
    if (!IsPublished(list, i)) continue;
    OTPGATE_ASSIGN_OR_RETURN(crypto::VerifyKey public_key,
                             crypto::VerifyKey::FromPublicDer(list.keys[i].public_key));
    published.push_back(std::move(public_key));
  }
  return std::make_shared<const SigningKeyset>(std::move(key), std::move(published));
}

absl::Status RefreshKeyset(CurrentKeyset& current, SigningKeys& store, const crypto::Sealer& sealer,
                           Random& random, absl::Duration rotate_every) {
  absl::StatusOr<std::shared_ptr<const SigningKeyset>> fresh =
      LoadKeyset(store, sealer, random, rotate_every);
  if (fresh.ok()) {
    current.Set(*std::move(fresh));
    return absl::OkStatus();
  }
  if (!absl::IsUnavailable(fresh.status())) current.Set(nullptr);
  return fresh.status();
}

}  // namespace otpgate
