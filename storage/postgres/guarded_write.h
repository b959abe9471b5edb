#ifndef OTPGATE_STORAGE_POSTGRES_GUARDED_WRITE_H_
#define OTPGATE_STORAGE_POSTGRES_GUARDED_WRITE_H_

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/clock.h"
#include "storage/postgres/store_connection.h"
#include "storage/storage.h"

namespace otpgate::storage::postgres {

// The store's clock: its time at the last load plus the steady time since. It is never behind the
// store, and ahead of it by at most the duration of that load. Not thread-safe.
class LoadedClock {
 public:
  explicit LoadedClock(const Clock& clock) : clock_(clock) {}

  void LoadStarts() { started_ = clock_.Steady(); }
  void LoadEnded(absl::Time now) {
    base_ = now;
    base_steady_ = started_;
  }
  // InfiniteFuture() before the first load.
  absl::Time Now() const { return base_ + (clock_.Steady() - base_steady_); }

 private:
  const Clock& clock_;
  absl::Duration started_;
  absl::Time base_ = absl::InfiniteFuture();
  absl::Duration base_steady_;
};

// Runs a statement of JoinFragments as one transaction and returns the versions that won. When
// nothing expires (`valid_until` is infinite) the statement commits by itself, in one round trip.
// Otherwise `clock` is compared with `valid_until` between the statement and COMMIT, that is after
// every wait for a lock. Errors are those of Store::Write.
absl::StatusOr<std::vector<Version>> WriteGuarded(StoreConnection& connection,
                                                  const Statement& statement, const Params& params,
                                                  const LoadedClock& clock, absl::Time valid_until);

// won[i]: changes[i].version is among `versions`.
template <class A>
std::vector<bool> MatchWinners(absl::Span<const Change<A>> changes,
                               const std::vector<Version>& versions) {
  const absl::flat_hash_set<Version> winners(versions.begin(), versions.end());
  std::vector<bool> won(changes.size());
  for (size_t i = 0; i < changes.size(); ++i) won[i] = winners.contains(changes[i].version);
  return won;
}

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_GUARDED_WRITE_H_
