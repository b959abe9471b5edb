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

// The time at which key i stopped signing: the next one took over, even if that was revoked later.
absl::Time EndOf(const SigningKeyList& list, size_t i) {
  for (size_t next = i; next-- > 0;) {
    const SigningKeyRow& key = list.keys[next];
    if (!key.revoked || key.active_from <= list.now) return key.active_from;
  }
  return absl::InfiniteFuture();
}

bool IsPublished(const SigningKeyList& list, size_t i) {
  return !list.keys[i].revoked && list.now < EndOf(list, i) + kPublishedAfter;
}

// The one that signs; null: there is none. Behind a revoked one the key before it takes over again
// as long as everybody still has it.
const SigningKeyRow* FindActive(const SigningKeyList& list) {
  for (size_t i = 0; i < list.keys.size(); ++i) {
    if (list.keys[i].active_from <= list.now && IsPublished(list, i)) return &list.keys[i];
  }
  return nullptr;
}

// When a key that is needed at once signs from. The same on all servers, so that only one is made.
absl::Time AtOnce(const SigningKeyList& list) {
  for (const SigningKeyRow& key : list.keys) {
    if (key.active_from <= list.now) return key.active_from + absl::Microseconds(1);
  }
  return absl::UnixEpoch();
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
    from = AtOnce(list);
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
  std::vector<crypto::VerifyKey> former;
  bool all_open = true;
  for (size_t i = 0; i < list.keys.size(); ++i) {
    const SigningKeyRow& row = list.keys[i];
    if (row.revoked) continue;
    OTPGATE_ASSIGN_OR_RETURN(crypto::VerifyKey public_key,
                             crypto::VerifyKey::FromPublicDer(row.public_key));
    if (row.active_from > list.now) all_open = sealer.Open(row.sealed_private, row.kid).has_value();
    (IsPublished(list, i) ? published : former).push_back(std::move(public_key));
  }
  return std::make_shared<const SigningKeyset>(std::move(key), std::move(published),
                                               std::move(former), all_open);
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
