#ifndef OTPGATE_STORAGE_CONFORMANCE_PERSIST_H_
#define OTPGATE_STORAGE_CONFORMANCE_PERSIST_H_

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "storage/conformance/samples.h"
#include "storage/session_types.h"
#include "storage/storage.h"

// Loads and writes in spite of faults, as the engine does: repeats what did not happen, and loads
// again after UNKNOWN to find out what happened. Without faults PersistLoad is one load, and
// Persist is one load and one write.
namespace otpgate::storage::conformance {

// Tries before giving up: a bound that is never reached by chance.
inline constexpr int kPersistTries = 100;

enum class Fate { kLost, kWon, kUnknown };

inline SubjectAsk AskFor(const SubjectKey& key) { return {key, /*account=*/false, {}}; }
inline SubjectAsk AskFor(const Change<Subject>& change) {
  SubjectAsk ask{change.key, /*account=*/true, {}};
  for (const RequestRecord& record : change.effects.requests) ask.requests.push_back(record.key);
  return ask;
}
inline BucketAsk AskFor(const Change<Bucket>& change) { return {change.key}; }
inline SessionAsk AskFor(const Change<Session>& change) { return {change.key}; }
inline UserAsk AskFor(const Change<User>& change) { return {change.key}; }

// True if the row proves that `change` was written, even if others wrote after it.
inline bool IsRecorded(const Change<Subject>& change, const Row<Subject>& row) {
  return std::any_of(row.state.requests.begin(), row.state.requests.end(), [&](const auto& stored) {
    const auto& mine = change.effects.requests;
    return std::find(mine.begin(), mine.end(), stored.first) != mine.end();
  });
}
template <class A>
bool IsRecorded(const Change<A>&, const Row<A>&) {
  return false;
}

// True if a written change stays provable: without evidence it was not written.
inline bool LeavesEvidence(const Change<Subject>& change) {
  return !change.effects.requests.empty();
}
template <class A>
bool LeavesEvidence(const Change<A>&) {
  return false;
}

inline std::vector<Fate> FatesOf(const std::vector<bool>& won) {
  std::vector<Fate> fates;
  for (const bool one : won) fates.push_back(one ? Fate::kWon : Fate::kLost);
  return fates;
}

template <class A>
absl::StatusOr<Loaded<A>> PersistLoad(Reader<A>& reader, absl::Span<const typename A::Ask> asks) {
  absl::StatusOr<Loaded<A>> loaded = reader.Load(asks);
  for (int i = 0; i < kPersistTries && absl::IsUnavailable(loaded.status()); ++i) {
    loaded = reader.Load(asks);
  }
  return loaded;
}

// The fates of a write that returned UNKNOWN; none: it was not done, and it is safe to write again.
// `before` and `after` were loaded around the write.
template <class A>
std::optional<std::vector<Fate>> Resolve(absl::Span<const Change<A>> changes,
                                         const std::vector<Row<A>>& before,
                                         const std::vector<Row<A>>& after) {
  std::vector<Fate> fates;
  bool settled = false;
  for (size_t i = 0; i < changes.size(); ++i) {
    const Change<A>& change = changes[i];
    const bool mine = after[i].version == change.version || after[i].previous == change.version ||
                      IsRecorded(change, after[i]);
    const bool could_win = before[i].version == 0 || before[i].version == change.expected;
    const bool unknown =
        could_win && !LeavesEvidence(change) && after[i].version != before[i].version;
    fates.push_back(mine ? Fate::kWon : unknown ? Fate::kUnknown : Fate::kLost);
    settled |= mine || unknown;
  }
  if (!settled) return std::nullopt;
  return fates;
}

// Writes `changes`, under new versions for each further attempt, because the one before may still
// be committed. fates[i] is the fate of changes[i]; a change that expects another version is lost.
// Returns only errors that a repeat cannot mend.
template <class A>
absl::StatusOr<std::vector<Fate>> Persist(Store<A>& store, std::vector<Change<A>>& changes,
                                          Random& random,
                                          absl::Time valid_until = absl::InfiniteFuture()) {
  std::vector<typename A::Ask> asks;
  for (const Change<A>& change : changes) asks.push_back(AskFor(change));
  OTPGATE_ASSIGN_OR_RETURN(Loaded<A> before, PersistLoad<A>(store, asks));
  absl::Status last;
  for (int i = 0; i < kPersistTries; ++i) {
    const absl::StatusOr<typename Store<A>::Won> won = store.Write(changes, valid_until);
    if (won.ok()) return FatesOf(*won);
    if (absl::IsInvalidArgument(won.status())) return won.status();
    OTPGATE_ASSIGN_OR_RETURN(Loaded<A> after, PersistLoad<A>(store, asks));
    if (absl::IsUnknown(won.status())) {
      if (auto fates = Resolve<A>(changes, before.rows, after.rows)) return *fates;
    }
    if (after.now >= valid_until) return absl::FailedPreconditionError("valid_until has passed");
    before = std::move(after);
    for (Change<A>& change : changes) change.version = FreshVersion(random);
    last = won.status();
  }
  return last;
}

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_PERSIST_H_
