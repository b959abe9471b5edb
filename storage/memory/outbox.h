#ifndef OTPGATE_STORAGE_MEMORY_OUTBOX_H_
#define OTPGATE_STORAGE_MEMORY_OUTBOX_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "storage/memory/database.h"
#include "storage/memory/store.h"
#include "storage/outbox.h"

namespace otpgate::storage::memory {

// Outbox over a MemoryDatabase. Never fails. One thread per object; the database must outlive it.
class MemoryOutbox final : public Outbox {
 public:
  explicit MemoryOutbox(MemoryDatabase& database)
      : database_(&database), clock_(database.clock()) {}

  absl::StatusOr<OutboxTurn> Turn(absl::Span<const DeliveryResult> results,
                                  absl::Span<const MessageKey> new_messages) override;
  absl::StatusOr<OutboxBatch> Claim(int limit, absl::Duration lease) override;

 private:
  MemoryDatabase* const database_;
  MemoryStoreClock clock_;
};

}  // namespace otpgate::storage::memory

#endif  // OTPGATE_STORAGE_MEMORY_OUTBOX_H_
