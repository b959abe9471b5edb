#include "server/app/keyset_loader.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/crypto/signing.h"
#include "base/status_macros.h"

namespace otpgate::app {
namespace {

// The time at which key i stopped signing: when the next key took over, even if that one was
// revoked later.
absl::Time EndOf(const storage::SigningKeyList& list, size_t i) {
  for (size_t next = i; next-- > 0;) {
    const storage::SigningKeyRow& key = list.keys[next];
    if (!key.revoked || key.active_from <= list.now) return key.active_from;
  }
  return absl::InfiniteFuture();
}

bool IsPublished(const storage::SigningKeyList& list, size_t i) {
  return !list.keys[i].revoked && list.now < EndOf(list, i) + service::kPublishedAfter;
}

// The key that signs, or null. After a revocation the previous key signs again, as long as it is
// still published.
const storage::SigningKeyRow* FindActive(const storage::SigningKeyList& list) {
  for (size_t i = 0; i < list.keys.size(); ++i) {
    if (list.keys[i].active_from <= list.now && IsPublished(list, i)) return &list.keys[i];
  }
  return nullptr;
}

// The start of a key that is needed at once. All servers choose the same time, so that only one key
// is made.
absl::Time AtOnce(const storage::SigningKeyList& list) {
  for (const storage::SigningKeyRow& key : list.keys) {
    if (key.active_from <= list.now) return key.active_from + absl::Microseconds(1);
  }
  return absl::UnixEpoch();
}

// The start of the next key, if it is to be made now. A full hour, so that servers agree.
std::optional<absl::Time> NextDue(const storage::SigningKeyList& list,
                                  const storage::SigningKeyRow& active,
                                  absl::Duration rotate_every) {
  const bool has_next = !list.keys.empty() && list.keys.front().active_from > list.now;
  const absl::Time used_since = std::max(active.active_from, active.created_at);
  if (has_next || list.now < used_since + rotate_every) return std::nullopt;
  const int64_t hours = absl::ToUnixSeconds(list.now + service::kPublishedAhead) / 3600 + 1;
  return absl::FromUnixSeconds(hours * 3600);
}

absl::StatusOr<storage::SigningKeyList> Complete(storage::SigningKeys& store,
                                                 const keys::Sealer& sealer, Random& random,
                                                 absl::Duration rotate_every) {
  OTPGATE_ASSIGN_OR_RETURN(storage::SigningKeyList list, store.List());
  const storage::SigningKeyRow* active = FindActive(list);
  std::optional<absl::Time> from;
  if (active != nullptr) {
    from = NextDue(list, *active, rotate_every);
  } else {
    from = AtOnce(list);
  }
  if (!from) return list;
  return store.Add(service::NewSigningKey(sealer, random, list.now, *from));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const service::SigningKeyset>> LoadKeyset(
    storage::SigningKeys& store, const keys::Sealer& sealer, Random& random,
    absl::Duration rotate_every) {
  OTPGATE_ASSIGN_OR_RETURN(const storage::SigningKeyList list,
                           Complete(store, sealer, random, rotate_every));
  const storage::SigningKeyRow* active = FindActive(list);
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
    const storage::SigningKeyRow& row = list.keys[i];
    if (row.revoked) continue;
    OTPGATE_ASSIGN_OR_RETURN(crypto::VerifyKey public_key,
                             crypto::VerifyKey::FromPublicDer(row.public_key));
    if (row.active_from > list.now) all_open = sealer.Open(row.sealed_private, row.kid).has_value();
    (IsPublished(list, i) ? published : former).push_back(std::move(public_key));
  }
  return std::make_shared<const service::SigningKeyset>(std::move(key), std::move(published),
                                                        std::move(former), all_open);
}

absl::Status RefreshKeyset(service::CurrentKeyset& current, storage::SigningKeys& store,
                           const keys::Sealer& sealer, Random& random,
                           absl::Duration rotate_every) {
  absl::StatusOr<std::shared_ptr<const service::SigningKeyset>> fresh =
      LoadKeyset(store, sealer, random, rotate_every);
  if (fresh.ok()) {
    current.Set(*std::move(fresh));
    return absl::OkStatus();
  }
  if (!absl::IsUnavailable(fresh.status())) current.Set(nullptr);
  return fresh.status();
}

}  // namespace otpgate::app
