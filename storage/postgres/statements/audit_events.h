#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_AUDIT_EVENTS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_AUDIT_EVENTS_H_

#include "storage/postgres/table_rows.h"
#include "storage/tables.h"

// The table `audit_events`: append only.
namespace otpgate::storage::postgres {

// The scope of an account's events: "user:" and the id in hexadecimal digits, as psql shows it.
// ScopeOf in requests.h is for the events of a subject.
Scope ScopeOf(const UserId& user);

// A row: Owner, Scope, AuditEvent.
using AuditColumns = TableRows<OwnedRows<kAuditEventsTable, Scope, AuditEvent>>;

inline const Fragment kWriteAuditEvents = AuditColumns::ExpandFragment("write_audit_events", R"sql(
INSERT INTO audit_events ({columns})
SELECT {i.columns}
  FROM unnest({types}) AS i ({names})
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
)sql");

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_AUDIT_EVENTS_H_
