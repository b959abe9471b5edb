#include "storage/memory/store.h"

#include <algorithm>
#include <vector>

#include "storage/memory/rows.h"
#include "storage/row_limits.h"

namespace otpgate::storage::memory {
namespace {

template <class A>
Loaded<A> LoadFrom(MemoryDatabase& database, MemoryStoreClock& clock,
                   absl::Span<const typename A::Ask> asks) {
  return database.With([&](Tables& tables) {
    Loaded<A> loaded;
    loaded.now = clock.Load();
    loaded.rows.reserve(asks.size());
    for (const auto& ask : asks) loaded.rows.push_back(Read(tables, ask));
    return loaded;
  });
}

}  // namespace

absl::Time MemoryStoreClock::Load() {
  steady_ = clock_->Steady();
  const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(clock_->Now()));
  loaded_ = loaded_ == absl::InfiniteFuture() ? now : std::max(loaded_, now);
  return loaded_;
}

absl::Time MemoryStoreClock::SinceLoad() const { return loaded_ + (clock_->Steady() - steady_); }

template <class A>
absl::StatusOr<Loaded<A>> MemoryStore<A>::Load(absl::Span<const typename A::Ask> asks) {
  return LoadFrom<A>(*database_, clock_, asks);
}

template <class A>
absl::StatusOr<typename MemoryStore<A>::Won> MemoryStore<A>::Write(
    absl::Span<const Change<A>> changes, absl::Time valid_until) {
  if (absl::Status status = CheckWrite(changes); !status.ok()) return status;
  return database_->With([&](Tables& tables) -> absl::StatusOr<Won> {
    Won won(changes.size());
    std::vector<const Change<A>*> winners;
    for (size_t i = 0; i < changes.size(); ++i) {
      won[i] = Wins(tables, changes[i]);
      if (won[i]) winners.push_back(&changes[i]);
    }
    if (HasTakenIds(tables, winners)) {
      return absl::InvalidArgumentError("a row with this primary key exists");
    }
    if (valid_until != absl::InfiniteFuture() && clock_.SinceLoad() >= valid_until) {
      return absl::FailedPreconditionError("valid_until has passed");
    }
    for (const Change<A>* change : winners) Apply(tables, *change);
    return won;
  });
}

template <class A>
absl::StatusOr<Loaded<A>> MemoryReaderOf<A>::Load(absl::Span<const typename A::Ask> asks) {
  return LoadFrom<A>(*database_, clock_, asks);
}

template class MemoryStore<Subject>;
template class MemoryStore<Bucket>;
template class MemoryStore<Session>;
template class MemoryStore<User>;
template class MemoryReaderOf<AccountView>;
template class MemoryReaderOf<SessionList>;

}  // namespace otpgate::storage::memory
