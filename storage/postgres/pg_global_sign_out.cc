#include "storage/postgres/pg_global_sign_out.h"

#include <optional>
#include <utility>

#include "server/runtime/status_macros.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"

namespace otpgate {
namespace {

// One row each, so arrays of one. A time of NULL is the store's clock.
//   $1 timestamptz[] at   $2 bytea[] audit id   $3 text[] caller   $4 text[] detail
const Statement kRaise{"raise_not_before", R"sql(
WITH raised AS (
  INSERT INTO not_before AS n (name, at)
  SELECT 'sessions', coalesce(i.at, clock_timestamp()) FROM unnest($1::timestamptz[]) AS i (at)
  ON CONFLICT (name) DO UPDATE SET at = greatest(n.at, excluded.at)
  RETURNING n.at
), audited AS (
  INSERT INTO audit_events (scope, id, event, at, caller, ip, detail)
  SELECT 'all', i.id, 'ALL_SESSIONS_REVOKED', clock_timestamp(), i.caller, '', i.detail
    FROM unnest($2::bytea[], $3::text[], $4::text[]) AS i (id, caller, detail)
)
SELECT timestamptz_send(at) FROM raised
)sql"};

class RaiseColumns final : public Columns {
 public:
  RaiseColumns() : Columns({&at_, &id_, &caller_, &detail_}) {}
  void Add(std::optional<absl::Time> at, const AuditEvent& audit) {
    at_.Add(at);
    id_.Add(audit.id.bytes);
    caller_.Add(audit.caller);
    detail_.Add(audit.detail);
  }

 private:
  TimeArray at_;
  BytesArray id_;
  TextArray caller_, detail_;
};

}  // namespace

PgGlobalSignOut::PgGlobalSignOut(PgOptions options) : session_(std::move(options)) {}

absl::StatusOr<absl::Time> PgGlobalSignOut::Raise(absl::Time at, const AuditEvent& audit) {
  RaiseColumns columns;
  columns.Add(at == absl::InfiniteFuture() ? std::nullopt : std::optional<absl::Time>(at), audit);
  absl::Time in_force;
  OTPGATE_RETURN_IF_ERROR(session_.Run(
      kRaise, columns.ToParams(), [&](RowReader& in) { in_force = in.Time(); }, OnLoss::kInDoubt));
  return in_force;
}

}  // namespace otpgate
