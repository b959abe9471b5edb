#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_AUDIT_EVENTS_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_AUDIT_EVENTS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/write_statement.h"
#include "storage/types.h"

// The table `audit_events`: append only.
namespace otpgate {

inline constexpr Fragment kWriteAuditEvents{"write_audit_events", R"sql(
INSERT INTO audit_events (scope, id, event, at, caller, ip, detail, otp_id, user_id, session_id)
SELECT i.scope, i.id, i.event, i.at, i.caller, i.ip, i.detail, i.otp_id, i.user_id, i.session_id
  FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[], $6::text[],
              $7::text[], $8::text[], $9::bytea[], $10::bytea[], $11::bytea[])
       AS i (owner, scope, id, event, at, caller, ip, detail, otp_id, user_id, session_id)
 WHERE (i.owner IN (SELECT version FROM won)) IS TRUE
)sql",
                                            11};

// The column `scope` of events of an account: "user:" and the id in hexadecimal digits, as psql
// shows it. Those of a subject: ScopeOf in requests.h.
std::string ScopeOf(const UserId& user);

class AuditColumns final : public Columns {
 public:
  AuditColumns();
  void Add(Version owner, absl::string_view scope, const AuditEvent& event);

 private:
  Int64Array owner_;
  TextArray scope_;
  BytesArray id_;
  TextArray event_;
  TimeArray at_;
  TextArray caller_, ip_, detail_;
  BytesArray otp_id_, user_id_, session_id_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_AUDIT_EVENTS_H_
