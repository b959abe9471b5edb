#ifndef OTPGATE_STORAGE_MEMORY_STORE_H_
#define OTPGATE_STORAGE_MEMORY_STORE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "storage/memory/database.h"
#include "storage/session_types.h"
#include "storage/storage.h"

namespace otpgate::storage::memory {

// The clock of one store object: whole microseconds; never goes back, even if the wall clock does.
class MemoryStoreClock {
 public:
  explicit MemoryStoreClock(const Clock& clock) : clock_(&clock) {}

  // The time of a load; SinceLoad measures steady time from this call.
  absl::Time Load();
  // The time of the last load plus the steady time since; InfiniteFuture() before the first load.
  absl::Time SinceLoad() const;

 private:
  const Clock* const clock_;
  absl::Time loaded_ = absl::InfiniteFuture();
  absl::Duration steady_;
};

// Store over a MemoryDatabase; A is Subject, Bucket, Session or User. Never returns UNAVAILABLE,
// ABORTED, DEADLINE_EXCEEDED or UNKNOWN. One thread per object; the database must outlive it.
template <class A>
class MemoryStore final : public Store<A> {
 public:
  using typename Store<A>::Won;

  explicit MemoryStore(MemoryDatabase& database) : database_(&database), clock_(database.clock()) {}

  absl::StatusOr<Loaded<A>> Load(absl::Span<const typename A::Ask> asks) override;
  absl::StatusOr<Won> Write(absl::Span<const Change<A>> changes, absl::Time valid_until) override;

 private:
  MemoryDatabase* const database_;
  MemoryStoreClock clock_;
};

// Reader over a MemoryDatabase; A is AccountView or SessionList. Never fails. One thread per
// object; the database must outlive it.
template <class A>
class MemoryReaderOf final : public Reader<A> {
 public:
  explicit MemoryReaderOf(MemoryDatabase& database)
      : database_(&database), clock_(database.clock()) {}

  absl::StatusOr<Loaded<A>> Load(absl::Span<const typename A::Ask> asks) override;

 private:
  MemoryDatabase* const database_;
  MemoryStoreClock clock_;
};
using MemoryReader = MemoryReaderOf<AccountView>;

}  // namespace otpgate::storage::memory

#endif  // OTPGATE_STORAGE_MEMORY_STORE_H_
