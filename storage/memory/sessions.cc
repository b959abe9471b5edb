#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "storage/memory/lookup.h"
#include "storage/memory/rows.h"
#include "storage/tables.h"

namespace otpgate::storage::memory {
namespace {

const UserId& UserOf(const Change<Session>& change) { return change.key.user_id; }
const UserId& UserOf(const Change<User>& change) { return change.key; }

template <class A>
bool AllAuditFresh(const Tables& tables, absl::Span<const Change<A>* const> changes) {
  absl::flat_hash_set<std::tuple<UserId, AuditId>> seen;
  for (const Change<A>* change : changes) {
    for (const AuditEvent& event : change->effects.audit) {
      const UserId& user = UserOf(*change);
      if (tables.audit_keys.contains(std::tuple(SubjectKey{}, user, event.id))) return false;
      if (!seen.insert({user, event.id}).second) return false;
    }
  }
  return true;
}

void AddAudit(Tables& tables, const UserId& user, const std::vector<AuditEvent>& events) {
  for (const AuditEvent& event : events) {
    tables.audit_keys.emplace(SubjectKey{}, user, event.id);
    tables.audit.push_back({SubjectKey{}, user, event});
  }
}

}  // namespace

Row<Session> Read(const Tables& tables, const SessionAsk& ask) {
  const auto found = tables.sessions.find(SessionKey{ask.key.user_id, ask.key.session_id});
  if (found == tables.sessions.end()) return {};
  const SessionRow& row = found->second;
  SessionState state = row.state;
  state.account = FindAccount(tables, ask.key.user_id);
  state.not_before = tables.not_before;
  return {std::move(state), row.version, row.previous};
}

Row<User> Read(const Tables& tables, const UserAsk& ask) {
  const auto row = tables.users.find(ask.key);
  if (row == tables.users.end()) return {};
  return {{row->second.account}, row->second.version, row->second.previous};
}

Row<SessionList> Read(const Tables& tables, const SessionList::Ask& ask) {
  Row<SessionList> list;
  for (const auto& [key, row] : tables.sessions) {
    if (std::get<UserId>(key) != ask.key || row.state.revoked_at) continue;
    SessionInfo info;
    CopyColumns<kSessionsTable>(row.inserted, info);
    CopyColumns<kSessionsTable>(row.state, info);
    info.last_seen_at = row.state.last_seen_at();
    list.state.sessions.push_back(std::move(info));
  }
  std::sort(list.state.sessions.begin(), list.state.sessions.end(),
            [](const SessionInfo& a, const SessionInfo& b) { return a.id < b.id; });
  return list;
}

bool Wins(const Tables& tables, const Change<Session>& change) {
  const auto row = tables.sessions.find(SessionKey{change.key.user_id, change.key.session_id});
  return row != tables.sessions.end() && row->second.version == change.expected;
}

bool Wins(const Tables& tables, const Change<User>& change) {
  const auto row = tables.users.find(change.key);
  return row != tables.users.end() && row->second.version == change.expected;
}

bool HasTakenIds(const Tables& tables, absl::Span<const Change<Session>* const> changes) {
  return !AllAuditFresh(tables, changes);
}

bool HasTakenIds(const Tables& tables, absl::Span<const Change<User>* const> changes) {
  return !AllAuditFresh(tables, changes);
}

void Apply(Tables& tables, const Change<Session>& change) {
  SessionRow& row = tables.sessions.at(SessionKey{change.key.user_id, change.key.session_id});
  row.version = change.version;
  row.previous = change.expected;
  CopyColumns<kSessionsTable, Written::kGuarded>(change.state, row.state);
  AddAudit(tables, change.key.user_id, change.effects.audit);
}

void Apply(Tables& tables, const Change<User>& change) {
  UserRow& row = tables.users.at(change.key);
  row.version = change.version;
  row.previous = change.expected;
  CopyColumns<kUsersTable, Written::kGuarded>(change.state.account, row.account);
  AddAudit(tables, change.key, change.effects.audit);
}

}  // namespace otpgate::storage::memory
