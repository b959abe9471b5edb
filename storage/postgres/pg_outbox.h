#ifndef OTPGATE_STORAGE_POSTGRES_PG_OUTBOX_H_
#define OTPGATE_STORAGE_POSTGRES_PG_OUTBOX_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/pg/connection.h"
#include "storage/outbox.h"
#include "storage/postgres/statements/outbox_dispatch.h"
#include "storage/postgres/store_connection.h"

namespace otpgate::storage::postgres {

// Outbox over PostgreSQL, with its own connection. Connects at the first call. Each call is one
// statement that commits by itself: one round trip. Besides the errors of Outbox:
//   ABORTED            serialization failure or deadlock; nothing happened
//   DEADLINE_EXCEEDED  a row stayed locked by somebody else; nothing happened
//   INVALID_ARGUMENT   a value was refused by the schema; nothing happened
class PgOutbox final : public Outbox {
 public:
  explicit PgOutbox(pg::ConnectionOptions options);

  absl::StatusOr<OutboxTurn> Turn(absl::Span<const DeliveryResult> results,
                                  absl::Span<const MessageKey> new_messages) override;
  absl::StatusOr<OutboxBatch> Claim(int limit, absl::Duration lease) override;

 private:
  StoreConnection connection_;
  DeliveryResultColumns results_;
  NewMessageColumns new_messages_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_PG_OUTBOX_H_
