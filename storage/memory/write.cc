#include <algorithm>
#include <tuple>
#include <utility>

#include "storage/memory/rows.h"
#include "storage/outbox.h"
#include "storage/tables.h"

namespace otpgate::storage::memory {
namespace {

template <class Rows, class Key>
bool IsAsExpected(const Rows& rows, const Key& key, Version expected) {
  const auto row = rows.find(key);
  return row == rows.end() || row->second.version == expected;
}

// Primary keys of the rows that are inserted, never updated.
struct FreshIds {
  absl::flat_hash_set<UserId> users;
  absl::flat_hash_set<SessionKey> sessions;
  absl::flat_hash_set<std::tuple<std::string, MessageId>> messages;
  absl::flat_hash_set<std::tuple<SubjectKey, UserId, AuditId>> audit;
};

bool AllFresh(const Tables& tables, const Change<Subject>& change, FreshIds& seen) {
  const SubjectEffects& effects = change.effects;
  bool fresh = true;
  if (effects.new_account) {
    const UserId& id = effects.new_account->id;
    fresh &= !tables.users.contains(id) && seen.users.insert(id).second;
  }
  for (const NewSession& session : effects.sessions) {
    const SessionKey id{session.user_id, session.id};
    fresh &= !tables.sessions.contains(id) && seen.sessions.insert(id).second;
  }
  for (const Message& message : effects.messages) {
    const std::tuple id{change.key.identifier, message.id};
    fresh &= !tables.outbox_keys.contains(id) && seen.messages.insert(id).second;
  }
  for (const AuditEvent& event : effects.audit) {
    const std::tuple id{change.key, UserId{}, event.id};
    fresh &= !tables.audit_keys.contains(id) && seen.audit.insert(id).second;
  }
  return fresh;
}

// Writes only codes that changed: an unchanged code that was removed meanwhile stays removed.
void ApplyCodes(Tables& tables, const Change<Subject>& change) {
  const auto& before = change.before.codes;
  for (const Code& code : change.state.codes) {
    if (std::find(before.begin(), before.end(), code) != before.end()) continue;
    tables.codes.insert_or_assign(CodeKey{change.key, code.table, code.purpose}, code);
  }
}

void ApplySubject(Tables& tables, const Change<Subject>& change) {
  SubjectRow& row = tables.subjects[change.key];
  row = SubjectRow{change.state, change.version, change.expected};
  row.state.codes.clear();
  row.state.requests.clear();
  row.state.account.reset();
  row.state.identities.clear();
  row.state.other_success_at.reset();
}

OutboxRow NewOutboxRow(const SubjectKey& subject, const Message& message) {
  OutboxRow row;
  row.subject = subject;
  row.message = message;
  row.next_try_at = message.created_at + kInitialLease;
  if (message.state == MessageState::kSuppressed) {
    row.state = OutboxState::kSuppressed;
    row.message.sealed.clear();
    row.finished_at = message.created_at;
  }
  return row;
}

SessionRow NewSessionRow(const NewSession& session, Version version) {
  SessionRow row;
  row.inserted = session;
  row.version = version;
  CopyColumns<kSessionsTable>(session, row.state);
  return row;
}

void ApplyEffects(Tables& tables, const Change<Subject>& change) {
  const SubjectEffects& effects = change.effects;
  if (const auto& account = effects.new_account) {
    tables.users.emplace(account->id, UserRow{*account, change.version, 0});
  }
  if (const auto& identity = effects.new_identity) {
    tables.identities.insert_or_assign({identity->user_id, identity->subject}, *identity);
  }
  for (const NewSession& session : effects.sessions) {
    tables.sessions.emplace(SessionKey{session.user_id, session.id},
                            NewSessionRow(session, change.version));
  }
  for (const Message& message : effects.messages) {
    tables.outbox_keys.emplace(std::tuple(change.key.identifier, message.id), tables.outbox.size());
    tables.outbox.push_back(NewOutboxRow(change.key, message));
  }
  for (const RequestRecord& record : effects.requests) {
    tables.requests.insert_or_assign(ScopedRequestKey{change.key, record.key}, record);
  }
  for (const AuditEvent& event : effects.audit) {
    tables.audit_keys.emplace(change.key, UserId{}, event.id);
    tables.audit.push_back({change.key, UserId{}, event});
  }
}

}  // namespace

bool Wins(const Tables& tables, const Change<Subject>& change) {
  return IsAsExpected(tables.subjects, change.key, change.expected);
}

bool Wins(const Tables& tables, const Change<Bucket>& change) {
  return IsAsExpected(tables.limits, change.key, change.expected);
}

bool HasTakenIds(const Tables& tables, absl::Span<const Change<Subject>* const> changes) {
  FreshIds seen;
  return !std::all_of(changes.begin(), changes.end(), [&](const Change<Subject>* change) {
    return AllFresh(tables, *change, seen);
  });
}

bool HasTakenIds(const Tables& /*tables*/, absl::Span<const Change<Bucket>* const> /*changes*/) {
  return false;  // a bucket has no effects
}

void Apply(Tables& tables, const Change<Subject>& change) {
  ApplySubject(tables, change);
  ApplyCodes(tables, change);
  ApplyEffects(tables, change);
}

void Apply(Tables& tables, const Change<Bucket>& change) {
  tables.limits.insert_or_assign(change.key,
                                 BucketRow{change.state, change.version, change.expected});
}

}  // namespace otpgate::storage::memory
