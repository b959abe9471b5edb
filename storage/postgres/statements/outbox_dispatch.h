#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_OUTBOX_DISPATCH_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_OUTBOX_DISPATCH_H_

#include "absl/time/time.h"
#include "storage/outbox.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"

// The table `outbox`: taking and completing messages. Each statement is a transaction of its own,
// so its time is statement_timestamp(): one value for all rows, which an index condition can use.
namespace otpgate::storage::postgres {

// Records delivery results under the generation of their holder, and takes new messages.
//   $1 text[] identifier   $2 bytea[] id   $3 integer[] generation   $4 text[] new state
//   $5 bigint[] delay, microseconds   $6 text[] reason   $7 text[] provider id
//   $8 text[] identifier   $9 bytea[] id: of the new messages
//                         index: outbox_pkey, signup_otps_pkey, otp_sessions_pkey
// Each row begins with a number n. 0: the row has the clock; n > 0: result n took effect; null: the
// row has a message.
extern const Statement kTurnOutbox;

// Claims messages that nobody holds, the longest overdue first.
//   $1 integer[] limit   $2 bigint[] lease, microseconds
//                         index: outbox_due_idx, outbox_pkey, signup_otps_pkey, otp_sessions_pkey
// Rows as for kTurnOutbox.
extern const Statement kClaimOutbox;

class DeliveryResultColumns final : public Columns {
 public:
  DeliveryResultColumns();
  void Add(const DeliveryResult& result);

 private:
  TextArray identifier_;
  BytesArray id_;
  Int32Array generation_;
  TextArray state_;
  Int64Array delay_;
  TextArray reason_, provider_id_;
};

class NewMessageColumns final : public Columns {
 public:
  NewMessageColumns();
  void Add(const MessageKey& key);

 private:
  TextArray identifier_;
  BytesArray id_;
};

class ClaimColumns final : public Columns {
 public:
  ClaimColumns();
  void Add(int limit, absl::Duration lease);

 private:
  Int32Array limit_;
  Int64Array lease_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_OUTBOX_DISPATCH_H_
