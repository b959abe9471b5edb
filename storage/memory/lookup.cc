#include "storage/memory/lookup.h"

#include <tuple>

#include "storage/tables.h"

namespace otpgate::storage::memory {

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
  RecordedSession recorded;
  CopyColumns<kSessionsTable>(row->second.state, recorded);
  recorded.revoked = row->second.state.revoked_at.has_value();
  return recorded;
}

}  // namespace otpgate::storage::memory
