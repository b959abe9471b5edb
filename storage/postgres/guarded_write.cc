#include "storage/postgres/guarded_write.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace otpgate::storage::postgres {

absl::StatusOr<std::vector<Version>> WriteGuarded(StoreConnection& connection,
                                                  const Statement& statement, const Params& params,
                                                  const LoadedClock& clock,
                                                  absl::Time valid_until) {
  std::vector<Version> won;
  const auto read = [&won](RowReader& row) { won.push_back(row.Int64()); };
  if (valid_until == absl::InfiniteFuture()) {
    OTPGATE_RETURN_IF_ERROR(connection.Run(statement, params, read, pg::OnLoss::kInDoubt));
    return won;
  }
  OTPGATE_RETURN_IF_ERROR(connection.Begin());
  OTPGATE_RETURN_IF_ERROR(connection.Run(statement, params, read));
  if (clock.Now() >= valid_until) {
    connection.Rollback();
    return absl::FailedPreconditionError(absl::StrCat(statement.name, ": too late"));
  }
  OTPGATE_RETURN_IF_ERROR(connection.Commit());
  return won;
}

}  // namespace otpgate::storage::postgres
