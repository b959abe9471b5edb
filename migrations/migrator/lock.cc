#include "migrations/migrator/lock.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"

namespace otpgate::migrator {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(100);

// "otpgate" in ASCII.
constexpr char kTry[] = "SELECT pg_try_advisory_lock(x'6f747067617465'::bigint)";
constexpr char kFree[] = "SELECT pg_advisory_unlock(x'6f747067617465'::bigint)";

// pg_locks shows the two halves of a bigint key.
constexpr char kHolder[] = R"sql(
  SELECT format('process %s, user %s, program %s, since %s', pid, usename,
                coalesce(nullif(application_name, ''), 'unknown'),
                to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
    FROM pg_locks
    JOIN pg_stat_activity USING (pid)
    JOIN pg_database ON pg_database.oid = pg_locks.database
   WHERE locktype = 'advisory' AND granted AND pg_database.datname = current_database()
     AND classid = x'6f7470'::int AND objid = x'67617465'::int::oid AND objsubid = 1
)sql";

absl::Status Busy(pg::Connection& connection) {
  const absl::StatusOr<pg::Rows> holder = connection.Query("look for the holder", kHolder);
  const bool known = holder.ok() && !holder->empty();
  return absl::DeadlineExceededError(absl::StrCat(
      "another migration holds the lock", known ? ": " : "", known ? holder->at(0).at(0) : ""));
}

}  // namespace

absl::Status Lock::Acquire(absl::Duration timeout) {
  const absl::Time end = absl::Now() + timeout;
  for (;;) {
    OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows,
                             connection_.Query("take the migration lock", kTry));
    held_ = rows.at(0).at(0) == "t";
    if (held_) return absl::OkStatus();
    if (absl::Now() + kPoll > end) return Busy(connection_);
    absl::SleepFor(kPoll);
  }
}

Lock::~Lock() {
  if (held_) connection_.Run("free the migration lock", kFree).IgnoreError();
}

}  // namespace otpgate::migrator
