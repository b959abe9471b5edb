#include "storage/postgres/guarded_write.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/runtime/status_macros.h"

namespace otpgate {
absl::StatusOr<std::vector<Version>> WriteGuarded(PgSession& session, const Statement& statement,
                                                  const Params& params, const LoadedClock& clock,
                                                  absl::Time valid_until) {
  std::vector<Version> won;
  const auto read = [&won](RowReader& row) { won.push_back(row.Int64()); };
  if (valid_until == absl::InfiniteFuture()) {
    OTPGATE_RETURN_IF_ERROR(session.Run(statement, params, read, OnLoss::kInDoubt));
    return won;
  }
  OTPGATE_RETURN_IF_ERROR(session.Begin());
  OTPGATE_RETURN_IF_ERROR(session.Run(statement, params, read));
  if (clock.Now() >= valid_until) {
    session.Rollback();
    return absl::FailedPreconditionError(absl::StrCat(statement.name, ": too late"));
  }
  OTPGATE_RETURN_IF_ERROR(session.Commit());
  return won;
}

}  // namespace otpgate
