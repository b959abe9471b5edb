#include "storage/memory/database.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "absl/time/time.h"

namespace otpgate::storage::memory {

std::vector<OutboxRow> MemoryDatabase::Messages() {
  return With([](Tables& tables) { return tables.outbox; });
}

std::vector<AuditRow> MemoryDatabase::AuditEvents() {
  return With([](Tables& tables) { return tables.audit; });
}

std::vector<NewSession> MemoryDatabase::Sessions() {
  std::vector<NewSession> sessions;
  With([&](Tables& tables) {
    for (const auto& [key, row] : tables.sessions) sessions.push_back(row.inserted);
  });
  std::sort(sessions.begin(), sessions.end(), [](const NewSession& a, const NewSession& b) {
    return std::tie(a.user_id, a.id) < std::tie(b.user_id, b.id);
  });
  return sessions;
}

bool MemoryDatabase::DeleteSubject(const SubjectKey& subject) {
  return With([&](Tables& tables) { return tables.subjects.erase(subject) > 0; });
}

bool MemoryDatabase::DeleteCode(const SubjectKey& subject, CodeTable table, Purpose purpose) {
  return With([&](Tables& tables) {
    return tables.codes.erase(CodeKey{subject, table, purpose}) > 0;
  });
}

int MemoryDatabase::DeleteExpiredSignupOtps() {
  const absl::Time now = clock_->Now();
  return With([&](Tables& tables) {
    return static_cast<int>(std::erase_if(tables.codes, [&](const auto& row) {
      return row.second.table == CodeTable::kSignupOtps && row.second.expires_at <= now;
    }));
  });
}

bool MemoryDatabase::SetAccount(const UserId& user, bool disabled, int token_version) {
  return With([&](Tables& tables) {
    const auto row = tables.users.find(user);
    if (row == tables.users.end()) return false;
    row->second.account.disabled = disabled;
    row->second.account.token_version = token_version;
    return true;
  });
}

bool MemoryDatabase::SetSession(const UserId& user, const SessionId& session, int generation,
                                bool revoked) {
  const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(clock_->Now()));
  return With([&](Tables& tables) {
    const auto row = tables.sessions.find(SessionKey{user, session});
    if (row == tables.sessions.end()) return false;
    row->second.state.generation = generation;
    row->second.state.revoked_at = revoked ? std::optional<absl::Time>(now) : std::nullopt;
    return true;
  });
}

}  // namespace otpgate::storage::memory
