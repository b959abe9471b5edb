#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_OUTBOX_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_OUTBOX_H_

#include "storage/postgres/table_rows.h"
#include "storage/tables.h"

// The table `outbox`: inserting messages. outbox_dispatch.h has the statements that send them.
namespace otpgate::storage::postgres {

// A row: Owner, SubjectKey, Message.
using MessageColumns = TableRows<OwnedRows<kOutboxTable, SubjectKey, Message>>;

// A message is inserted under a fresh id and under the lease of its server; a suppressed one as
// finished and without a payload.
inline const Fragment kWriteMessages = MessageColumns::ExpandFragment("write_messages", R"sql(
INSERT INTO outbox ({columns}, generation)
SELECT {i.columns}, 0
  FROM unnest({types}) AS i ({names})
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
)sql");

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_OUTBOX_H_
