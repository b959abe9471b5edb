#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "storage/memory/lookup.h"
#include "storage/memory/rows.h"

namespace otpgate::memory {
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
  SessionState state{.key_id = row.key_id,
                     .generation = row.generation,
                     .token_version = row.born.token_version,
                     .created_at = row.born.created_at,
                     .idle_expires_at = row.idle_expires_at,
                     .absolute_expires_at = row.born.absolute_expires_at,
                     .caller = row.born.caller,
                     .amr = row.born.amr,
                     .rotated_at = row.rotated_at,
                     .rotated_by = row.rotated_by,
                     .revoked_at = row.revoked_at,
                     .revoked_reason = row.revoked_reason,
                     .account = FindAccount(tables, ask.key.user_id),
                     .not_before = tables.not_before};
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
    if (std::get<UserId>(key) != ask.key || row.revoked_at) continue;
    list.state.sessions.push_back({.id = row.born.id,
                                   .created_at = row.born.created_at,
                                   .last_seen_at = row.rotated_at.value_or(row.born.created_at),
                                   .idle_expires_at = row.idle_expires_at,
                                   .absolute_expires_at = row.born.absolute_expires_at,
                                   .token_version = row.born.token_version,
                                   .caller = row.born.caller,
                                   .device_info = row.born.device_info,
                                   .ip = row.born.ip,
                                   .amr = row.born.amr});
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
  row.generation = change.state.generation;
  row.key_id = change.state.key_id;
  row.idle_expires_at = change.state.idle_expires_at;
  row.rotated_at = change.state.rotated_at;
  row.rotated_by = change.state.rotated_by;
  row.revoked_at = change.state.revoked_at;
  row.revoked_reason = change.state.revoked_reason;
  AddAudit(tables, change.key.user_id, change.effects.audit);
}

void Apply(Tables& tables, const Change<User>& change) {
  UserRow& row = tables.users.at(change.key);
  row.version = change.version;
  row.previous = change.expected;
  row.account.disabled = change.state.account.disabled;
  row.account.token_version = change.state.account.token_version;
  AddAudit(tables, change.key, change.effects.audit);
}

}  // namespace otpgate::memory
