#ifndef OTPGATE_STORAGE_MEMORY_CLEANER_H_
#define OTPGATE_STORAGE_MEMORY_CLEANER_H_

#include "storage/cleanup.h"
#include "storage/memory/database.h"
#include "storage/memory/store.h"

namespace otpgate::storage::memory {

// Cleaner over a MemoryDatabase. Never fails. A call reads all rows, so the only cursor is the
// beginning. One thread per object; the database must outlive it.
class MemoryCleaner final : public Cleaner {
 public:
  explicit MemoryCleaner(MemoryDatabase& database)
      : database_(&database), clock_(database.clock()) {}

  absl::StatusOr<CleanupStep> Remove(CleanupKind kind, const Retention& retention, int64_t cursor,
                                     int limit) override;
  absl::StatusOr<CleanupStep> Count(CleanupKind kind, const Retention& retention,
                                    int64_t cursor) override;

 private:
  MemoryDatabase* const database_;
  MemoryStoreClock clock_;
};

}  // namespace otpgate::storage::memory

#endif  // OTPGATE_STORAGE_MEMORY_CLEANER_H_
