#include "storage/memory/cleaner.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace otpgate::storage::memory {
namespace {

// The clock, and the clock minus the retention.
struct Times {
  absl::Time now;
  absl::Time cutoff;
};

bool HasCodes(const Tables& tables, const SubjectKey& subject) {
  const auto row = tables.codes.lower_bound({subject, CodeTable{}, Purpose{}});
  return row != tables.codes.end() && std::get<SubjectKey>(row->first) == subject;
}

bool AllBefore(const std::vector<absl::Time>& times, absl::Time cutoff) {
  return times.empty() || times.back() <= cutoff;
}

bool IsRemovable(const Tables& tables, const SubjectKey& key, const SubjectState& state, Times t) {
  return state.user_id.empty() && state.updated_at <= t.cutoff &&
         state.blocked_until.value_or(t.now) <= t.now &&
         state.disabled_at.value_or(t.cutoff) <= t.cutoff &&
         AllBefore(state.recent_sends, t.cutoff) && AllBefore(state.recent_resends, t.cutoff) &&
         !HasCodes(tables, key);
}

bool IsRemovable(const OutboxRow& row, Times t) {
  return row.state != OutboxState::kPending && row.finished_at && *row.finished_at <= t.cutoff;
}

template <class Rows, class Predicate>
CleanupStep Take(Rows& rows, int64_t limit, Predicate is_removable) {
  CleanupStep step;
  for (auto row = rows.begin(); row != rows.end();) {
    const auto here = row++;
    if (!is_removable(*here)) continue;
    ++step.removable;
    if (step.removed == limit) continue;
    ++step.removed;
    rows.erase(here);
  }
  return step;
}

template <class Rows, class Predicate>
CleanupStep TakeOrdered(Rows& rows, int64_t limit, Predicate is_removable) {
  CleanupStep step;
  std::erase_if(rows, [&](const auto& row) {
    if (!is_removable(row)) return false;
    ++step.removable;
    const bool goes = step.removed < limit;
    step.removed += goes ? 1 : 0;
    return goes;
  });
  return step;
}

CleanupStep TakeMessages(Tables& tables, int64_t limit, Times t) {
  const CleanupStep step =
      TakeOrdered(tables.outbox, limit, [&](const auto& row) { return IsRemovable(row, t); });
  tables.outbox_keys.clear();
  for (size_t i = 0; i < tables.outbox.size(); ++i) {
    const OutboxRow& row = tables.outbox[i];
    tables.outbox_keys.emplace(std::tuple(row.subject.identifier, row.message.id), i);
  }
  return step;
}

CleanupStep TakeAudit(Tables& tables, int64_t limit, Times t) {
  const CleanupStep step =
      TakeOrdered(tables.audit, limit, [&](const auto& row) { return row.event.at <= t.cutoff; });
  tables.audit_keys.clear();
  for (const AuditRow& row : tables.audit) {
    tables.audit_keys.emplace(row.scope, row.user, row.event.id);
  }
  return step;
}

CleanupStep TakeCodes(Tables& tables, CodeTable table, int64_t limit, Times t) {
  return Take(tables.codes, limit, [&](const auto& row) {
    return row.second.table == table && row.second.expires_at <= t.cutoff;
  });
}

CleanupStep TakeKind(Tables& tables, CleanupKind kind, int64_t limit, Times t) {
  switch (kind) {
    case CleanupKind::kSignupOtps:
      return TakeCodes(tables, CodeTable::kSignupOtps, limit, t);
    case CleanupKind::kOtpSessions:
      return TakeCodes(tables, CodeTable::kOtpSessions, limit, t);
    case CleanupKind::kRequests:
      return Take(tables.requests, limit, [&](const auto& row) {
        return row.second.created_at <= t.cutoff && row.second.expires_at.value_or(t.now) <= t.now;
      });
    case CleanupKind::kOutbox:
      return TakeMessages(tables, limit, t);
    case CleanupKind::kSubjects:
      return Take(tables.subjects, limit, [&](const auto& row) {
        return IsRemovable(tables, row.first, row.second.state, t);
      });
    case CleanupKind::kSessions:
      return Take(tables.sessions, limit, [&](const auto& row) {
        return row.second.inserted.absolute_expires_at <= t.cutoff;
      });
    case CleanupKind::kLimits:
      return Take(tables.limits, limit, [&](const auto& row) {
        return row.second.state.tat <= t.cutoff && row.second.state.updated_at <= t.cutoff;
      });
    case CleanupKind::kAuditEvents:
      return TakeAudit(tables, limit, t);
  }
  return {};
}

}  // namespace

absl::StatusOr<CleanupStep> MemoryCleaner::Remove(CleanupKind kind, const Retention& retention,
                                                  int64_t /*cursor*/, int limit) {
  return database_->With([&](Tables& tables) {
    const absl::Time now = std::min(clock_.Load(), retention.latest_now);
    CleanupStep step = TakeKind(tables, kind, limit, {now, now - RetentionOf(kind, retention)});
    if (step.removed < step.removable) step.next = 0;
    step.removable = step.removed;  // the next call counts the others
    return step;
  });
}

absl::StatusOr<CleanupStep> MemoryCleaner::Count(CleanupKind kind, const Retention& retention,
                                                 int64_t /*cursor*/) {
  return database_->With([&](Tables& tables) {
    const absl::Time now = std::min(clock_.Load(), retention.latest_now);
    return TakeKind(tables, kind, 0, {now, now - RetentionOf(kind, retention)});
  });
}

}  // namespace otpgate::storage::memory
