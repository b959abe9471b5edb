#include "tests/simulation/janitor.h"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "server/runtime/check.h"

namespace otpgate::sim {
namespace {

constexpr int kRowsPerStatement = 3;

Retention RetentionOf(const Plan& plan) {
  Retention retention = WithClockOff(Retention(), plan.store_error);
  switch (plan.bug) {
    case Bug::kCleanupTakesLiveSession:
      retention.sessions = absl::Minutes(5) - plan.otp.session_absolute;
      break;
    case Bug::kCleanupTakesYoungSubject:
      retention.codes = absl::ZeroDuration();  // else its code keeps it
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

// Rows that are locked, out of their table for as long as this lives elsewhere.
template <class Rows>
class Aside {
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

Janitor::Janitor(const Plan& plan, MemoryDatabase& database, Counts& counts, Locks is_locked)
    : plan_(plan),
      database_(database),
      counts_(counts),
      is_locked_(std::move(is_locked)),
      retention_(RetentionOf(plan)),
      cleaner_(database) {}

int Janitor::CleanKind(CleanupKind kind) {
  int gone = 0;
  std::optional<int64_t> place = 0;
  while (place) {
    const absl::StatusOr<CleanupStep> step =
        cleaner_.Remove(kind, retention_, *place, kRowsPerStatement);
    OTPGATE_CHECK(step.ok());
    gone += static_cast<int>(step->removed);
    counts_.removed[static_cast<size_t>(kind)] += step->removed;
    place = step->next;
  }
  return gone;
}

// The first by key, so that a seed replays.
int Janitor::TakeOneTooMany() {
  return database_.With([&](memory::Tables& tables) {
    std::optional<SubjectKey> first;
    for (const auto& [key, row] : tables.subjects) {
      if (row.state.user_id.empty() && (!first || key < *first)) first = key;
    }
    return first ? static_cast<int>(tables.subjects.erase(*first)) : 0;
  });
}

// The real cleanup of subjects, blind to accounts.
int Janitor::TakeAccounts() {
  std::map<SubjectKey, UserId> accounts;
  database_.With([&](memory::Tables& tables) {
    for (auto& [key, row] : tables.subjects) {
      if (row.state.failures == 0) accounts[key] = std::exchange(row.state.user_id, {});
    }
  });
  const int gone = CleanKind(CleanupKind::kSubjects);
  database_.With([&](memory::Tables& tables) {
    for (auto& [key, row] : tables.subjects) {
      if (const auto it = accounts.find(key); it != accounts.end()) row.state.user_id = it->second;
    }
  });
  return gone;
}

int Janitor::Clean() {
  Aside<decltype(memory::Tables::subjects)> subjects;
  Aside<decltype(memory::Tables::codes)> codes;
  Aside<decltype(memory::Tables::sessions)> sessions;
  Aside<decltype(memory::Tables::limits)> limits;
  database_.With([&](memory::Tables& tables) {
    subjects.Take(tables.subjects, is_locked_.subject);
    codes.Take(tables.codes,
               [&](const auto& key) { return is_locked_.subject(std::get<SubjectKey>(key)); });
    sessions.Take(tables.sessions, [&](const auto& key) {
      return is_locked_.session({std::get<UserId>(key), std::get<SessionId>(key)});
    });
    limits.Take(tables.limits, is_locked_.bucket);
  });
  int gone = 0;
  for (const CleanupKind kind : kCleanupKinds) gone += CleanKind(kind);
  if (plan_.bug == Bug::kCleanupTakesOneTooMany) gone += TakeOneTooMany();
  if (plan_.bug == Bug::kCleanupTakesAccount) gone += TakeAccounts();
  database_.With([&](memory::Tables& tables) {
    subjects.PutBack(tables.subjects);
    codes.PutBack(tables.codes);
    sessions.PutBack(tables.sessions);
    limits.PutBack(tables.limits);
  });
  return gone;
}

}  // namespace otpgate::sim
