#include "storage/postgres/pg_global_sign_out.h"

#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"

namespace otpgate::storage::postgres {
namespace {

// Arrays of one element each. A time of NULL means the server's clock.
//   $1 timestamptz[] at   $2 bytea[] audit id   $3 text[] event   $4 text[] caller
//   $5 text[] detail
const Statement kRaise{"raise_not_before", R"sql(
WITH raised AS (
  INSERT INTO not_before AS n (name, at)
  SELECT 'sessions', coalesce(i.at, clock_timestamp()) FROM unnest($1::timestamptz[]) AS i (at)
  ON CONFLICT (name) DO UPDATE SET at = greatest(n.at, excluded.at)
  RETURNING n.at
), audited AS (
  INSERT INTO audit_events (scope, id, event, at, caller, ip, detail)
  SELECT 'all', i.id, i.event, clock_timestamp(), i.caller, '', i.detail
    FROM unnest($2::bytea[], $3::text[], $4::text[], $5::text[]) AS i (id, event, caller, detail)
)
SELECT timestamptz_send(at) FROM raised
)sql"};

class RaiseColumns final : public Columns {
 public:
  RaiseColumns() : Columns({&at_, &id_, &event_, &caller_, &detail_}) {}
  void Add(std::optional<absl::Time> at, const AuditEvent& audit) {
    at_.Add(at);
    id_.Add(audit.id.bytes);
    event_.Add(audit.event);
    caller_.Add(audit.caller);
    detail_.Add(audit.detail);
  }

 private:
  TimeArray at_;
  BytesArray id_;
  TextArray event_, caller_, detail_;
};

}  // namespace

PgGlobalSignOut::PgGlobalSignOut(pg::ConnectionOptions options) : connection_(std::move(options)) {}

absl::StatusOr<absl::Time> PgGlobalSignOut::Raise(absl::Time at, const AuditEvent& audit) {
  RaiseColumns columns;
  columns.Add(at == absl::InfiniteFuture() ? std::nullopt : std::optional<absl::Time>(at), audit);
  absl::Time in_force;
  OTPGATE_RETURN_IF_ERROR(connection_.Run(
      kRaise, columns.ToParams(), [&](RowReader& in) { in_force = in.Time(); },
      pg::OnLoss::kInDoubt));
  return in_force;
}

}  // namespace otpgate::storage::postgres
