#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_OUTBOX_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_OUTBOX_H_

#include "storage/postgres/columns.h"
#include "storage/postgres/write_statement.h"
#include "storage/types.h"

// The table `outbox`, as messages are born.
namespace otpgate {

// A message is born with a fresh id, under the lease of its server; a suppressed one is born
// finished, without its payload.
inline constexpr Fragment kWriteMessages{"write_messages", R"sql(
INSERT INTO outbox (identifier, id, user_type, otp_id, code_mac, code_table, purpose, channel,
       sealed, state, generation, next_try_at, created_at, expires_at, finished_at)
SELECT i.identifier, i.id, i.user_type, i.otp_id, i.code_mac, i.code_table, i.purpose, i.channel,
       i.sealed, i.state, 0, i.next_try_at, i.created_at, i.expires_at, i.finished_at
  FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::text[], $5::bytea[], $6::bytea[],
              $7::text[], $8::text[], $9::text[], $10::bytea[], $11::text[], $12::timestamptz[],
              $13::timestamptz[], $14::timestamptz[], $15::timestamptz[])
       AS i (owner, identifier, id, user_type, otp_id, code_mac, code_table, purpose, channel,
             sealed, state, next_try_at, created_at, expires_at, finished_at)
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
)sql",
                                         15};

class MessageColumns final : public Columns {
 public:
  MessageColumns();
  void Add(Version owner, const SubjectKey& subject, const Message& message);

 private:
  Int64Array owner_;
  TextArray identifier_;
  BytesArray id_;
  TextArray user_type_;
  BytesArray otp_id_, code_mac_;
  TextArray code_table_, purpose_, channel_;
  BytesArray sealed_;
  TextArray state_;
  TimeArray next_try_at_, created_at_, expires_at_, finished_at_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_OUTBOX_H_
