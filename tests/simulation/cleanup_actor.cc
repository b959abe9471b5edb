#include "tests/simulation/cleanup_actor.h"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/check.h"

namespace otpgate::simulation {
namespace {

constexpr int kRowsPerStatement = 3;

storage::Retention RetentionOf(const Plan& plan) {
  storage::Retention retention = storage::WithClockOff(storage::Retention(), plan.store_error);
  retention.sessions = absl::Minutes(20);  // the allowed minimum
  switch (plan.bug) {
    case Bug::kCleanupTakesLiveSession:
      retention.sessions = absl::Minutes(5) - plan.otp.session.absolute;
      break;
    case Bug::kCleanupTakesYoungSubject:
      retention.codes = absl::ZeroDuration();  // a remaining code would keep its subject
      retention.subjects = absl::Minutes(5);
      break;
    case Bug::kCleanupTakesYoungRequest:
      retention.requests = absl::Seconds(30);
      break;
    case Bug::kCleanupTakesUsedBucket:
      retention.limits = -absl::Minutes(5);
      break;
    default:
      break;
  }
  return retention;
}

// The locked rows of a table, taken out of it while cleanup runs, so that cleanup skips them.
template <class Rows>
class LockedRows {
 public:
  template <class IsLocked>
  void Take(Rows& rows, IsLocked is_locked) {
    for (auto row = rows.begin(); row != rows.end();) {
      const auto here = row++;
      if (is_locked(here->first)) taken_.push_back(rows.extract(here));
    }
  }
  void PutBack(Rows& rows) {
    for (auto& row : taken_) rows.insert(std::move(row));
  }

 private:
  std::vector<typename Rows::node_type> taken_;
};

}  // namespace

CleanupActor::CleanupActor(const Plan& plan, storage::memory::MemoryDatabase& database,
                           Counts& counts, Locks is_locked)
    : plan_(plan),
      database_(database),
      counts_(counts),
      is_locked_(std::move(is_locked)),
      retention_(RetentionOf(plan)),
      cleaner_(database) {}

int CleanupActor::CleanKind(storage::CleanupKind kind) {
  int gone = 0;
  std::optional<int64_t> cursor = 0;
  while (cursor) {
    const absl::StatusOr<storage::CleanupStep> step =
        cleaner_.Remove(kind, retention_, *cursor, kRowsPerStatement);
    OTPGATE_CHECK(step.ok());
    gone += static_cast<int>(step->removed);
    counts_.removed[static_cast<size_t>(kind)] += step->removed;
    cursor = step->next;
  }
  return gone;
}

// Removes the first subject by key: the order of the hash map differs between runs.
int CleanupActor::TakeOneTooMany() {
  return database_.With([&](storage::memory::Tables& tables) {
    std::optional<storage::SubjectKey> first;
    for (const auto& [key, row] : tables.subjects) {
      if (row.state.user_id.empty() && (!first || key < *first)) first = key;
    }
    return first ? static_cast<int>(tables.subjects.erase(*first)) : 0;
  });
}

// Runs the real cleanup of subjects while they seem to have no accounts.
int CleanupActor::TakeAccounts() {
  std::map<storage::SubjectKey, UserId> accounts;
  database_.With([&](storage::memory::Tables& tables) {
    for (auto& [key, row] : tables.subjects) {
      if (row.state.failures == 0) accounts[key] = std::exchange(row.state.user_id, {});
    }
  });
  const int gone = CleanKind(storage::CleanupKind::kSubjects);
  database_.With([&](storage::memory::Tables& tables) {
    for (auto& [key, row] : tables.subjects) {
      if (const auto it = accounts.find(key); it != accounts.end()) row.state.user_id = it->second;
    }
  });
  return gone;
}

int CleanupActor::Clean() {
  LockedRows<decltype(storage::memory::Tables::subjects)> subjects;
  LockedRows<decltype(storage::memory::Tables::codes)> codes;
  LockedRows<decltype(storage::memory::Tables::sessions)> sessions;
  LockedRows<decltype(storage::memory::Tables::limits)> limits;
  database_.With([&](storage::memory::Tables& tables) {
    subjects.Take(tables.subjects, is_locked_.subject);
    codes.Take(tables.codes, [&](const auto& key) {
      return is_locked_.subject(std::get<storage::SubjectKey>(key));
    });
    sessions.Take(tables.sessions, [&](const auto& key) {
      return is_locked_.session({std::get<UserId>(key), std::get<SessionId>(key)});
    });
    limits.Take(tables.limits, is_locked_.bucket);
  });
  int gone = 0;
  for (const storage::CleanupKind kind : storage::kCleanupKinds) gone += CleanKind(kind);
  if (plan_.bug == Bug::kCleanupTakesOneTooMany) gone += TakeOneTooMany();
  if (plan_.bug == Bug::kCleanupTakesAccount) gone += TakeAccounts();
  database_.With([&](storage::memory::Tables& tables) {
    subjects.PutBack(tables.subjects);
    codes.PutBack(tables.codes);
    sessions.PutBack(tables.sessions);
    limits.PutBack(tables.limits);
  });
  return gone;
}

}  // namespace otpgate::simulation
