#include "storage/memory/lookup.h"

#include <tuple>

namespace otpgate::memory {

std::optional<Account> FindAccount(const Tables& tables, const UserId& user) {
  const auto row = tables.users.find(user);
  if (row == tables.users.end()) return std::nullopt;
  return row->second.account;
}

std::vector<Identity> FindIdentities(const Tables& tables, const UserId& user) {
  std::vector<Identity> identities;
  auto row = tables.identities.lower_bound({user, SubjectKey{}});
  for (; row != tables.identities.end() && std::get<UserId>(row->first) == user; ++row) {
    identities.push_back(row->second);
  }
  return identities;
}

std::optional<RecordedSession> FindSession(const Tables& tables, const UserId& user,
                                           const SessionId& session) {
  const auto row = tables.sessions.find(SessionKey{user, session});
  if (row == tables.sessions.end()) return std::nullopt;
  const NewSession& born = row->second.born;
  return RecordedSession{.generation = row->second.generation,
                         .revoked = row->second.revoked_at.has_value(),
                         .key_id = row->second.key_id,
                         .token_version = born.token_version,
                         .created_at = born.created_at,
                         .idle_expires_at = row->second.idle_expires_at,
                         .absolute_expires_at = born.absolute_expires_at,
                         .amr = born.amr};
}

}  // namespace otpgate::memory
