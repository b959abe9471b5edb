#include "storage/postgres/pg_job_leases.h"

#include <utility>

#include "base/status_macros.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/statements/job_leases.h"

namespace otpgate::storage::postgres {
namespace {

class LeaseColumns final : public Columns {
 public:
  LeaseColumns(absl::string_view job, absl::string_view holder, absl::Duration time)
      : Columns({&job_, &holder_, &time_}) {
    job_.Add(job);
    holder_.Add(holder);
    time_.Add(absl::ToInt64Microseconds(time));
  }

 private:
  TextArray job_, holder_;
  Int64Array time_;
};

absl::StatusOr<bool> HasRow(StoreConnection& connection, const Statement& statement,
                            const Params& params) {
  bool found = false;
  OTPGATE_RETURN_IF_ERROR(connection.Run(
      statement, params, [&](RowReader&) { found = true; }, pg::OnLoss::kInDoubt));
  return found;
}

}  // namespace

PgJobLeases::PgJobLeases(pg::ConnectionOptions options) : connection_(std::move(options)) {}

absl::StatusOr<LeaseAnswer> PgJobLeases::Take(absl::string_view job, absl::string_view holder,
                                              absl::Duration lease, bool at_once) {
  const LeaseColumns columns(job, holder, lease);
  BoolArray now;
  now.Add(at_once);
  Params params = columns.ToParams();
  params.push_back(now.bytes());
  LeaseAnswer answer;
  const auto read = [&](RowReader& in) {
    answer.taken = in.Bool();
    answer.wait = absl::Microseconds(in.Int64());
  };
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kTakeLease, params, read, pg::OnLoss::kInDoubt));
  return answer;
}

absl::StatusOr<bool> PgJobLeases::Renew(absl::string_view job, absl::string_view holder,
                                        absl::Duration lease) {
  const LeaseColumns columns(job, holder, lease);
  return HasRow(connection_, kRenewLease, columns.ToParams());
}

absl::StatusOr<bool> PgJobLeases::Finish(absl::string_view job, absl::string_view holder,
                                         absl::Duration interval, absl::string_view result) {
  const LeaseColumns columns(job, holder, interval);
  TextArray text;
  text.Add(result);
  Params params = columns.ToParams();
  params.push_back(text.bytes());
  return HasRow(connection_, kFinishLease, params);
}

absl::StatusOr<std::optional<JobLease>> PgJobLeases::Read(absl::string_view job) {
  TextArray name;
  name.Add(job);
  std::optional<JobLease> lease;
  OTPGATE_RETURN_IF_ERROR(connection_.Run(kReadLease, {name.bytes()}, [&](RowReader& in) {
    lease.emplace();
    lease->holder = in.Text();
    lease->held_until = in.Time();
    lease->due_at = in.Time();
    lease->started_at = in.Time();
    lease->finished_at = in.OptionalTime();
    lease->result = in.Text();
    lease->now = in.Time();
  }));
  return lease;
}

}  // namespace otpgate::storage::postgres
