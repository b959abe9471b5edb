#include "storage/postgres/pg_status.h"

#include <pqxx/except>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace otpgate {
namespace {

PgFailure Keep(absl::StatusCode code, absl::string_view statement, absl::string_view why) {
  return {absl::Status(code, absl::StrCat(statement, ": ", why)), false};
}

PgFailure Drop(absl::StatusCode code, absl::string_view statement, absl::string_view why) {
  return {absl::Status(code, absl::StrCat(statement, ": ", why)), true};
}

PgFailure Lost(absl::string_view statement, OnLoss on_loss) {
  return on_loss == OnLoss::kInDoubt
             ? Drop(absl::StatusCode::kUnknown, statement, "connection lost, outcome unknown")
             : Drop(absl::StatusCode::kUnavailable, statement, "connection lost");
}

// The server answered with an error and the session lives: the statement was rolled back.
PgFailure Refused(absl::string_view statement, const std::string& sqlstate) {
  const std::string why = absl::StrCat("SQLSTATE ", sqlstate);
  if (absl::StartsWith(sqlstate, "22") || absl::StartsWith(sqlstate, "23") ||
      absl::StartsWith(sqlstate, "21")) {
    return Keep(absl::StatusCode::kInvalidArgument, statement, why);
  }
  if (absl::StartsWith(sqlstate, "40")) return Keep(absl::StatusCode::kAborted, statement, why);
  if (sqlstate == "55P03") return Keep(absl::StatusCode::kDeadlineExceeded, statement, why);
  return Drop(absl::StatusCode::kUnavailable, statement, why);
}

}  // namespace

// The order matters: in libpqxx 6.4 the children of transaction_rollback and broken_connection are
// no sql_error and carry no SQLSTATE.
PgFailure FailureOfCurrentException(absl::string_view statement, OnLoss on_loss) {
  try {
    throw;
  } catch (const pqxx::statement_completion_unknown&) {
    return Lost(statement, OnLoss::kInDoubt);
  } catch (const pqxx::in_doubt_error&) {
    return Lost(statement, OnLoss::kInDoubt);
  } catch (const pqxx::transaction_rollback&) {
    return Keep(absl::StatusCode::kAborted, statement, "conflict");
  } catch (const pqxx::broken_connection&) {
    return Lost(statement, on_loss);
  } catch (const pqxx::insufficient_privilege&) {
    return Refused(statement, "42501");
  } catch (const pqxx::sql_error& error) {
    return Refused(statement, error.sqlstate());
  } catch (const std::exception&) {
    return Lost(statement, on_loss);  // libpq itself failed: whether it was sent is not known
  }
}

std::string WhyNotConnected(absl::string_view what) {
  what = what.substr(0, what.find('\n'));
  for (const absl::string_view before : {" failed: ", " to address: "}) {
    const size_t at = what.find(before);
    if (at != absl::string_view::npos) return std::string(what.substr(at + before.size()));
  }
  return "the connection string is not understood";
}

}  // namespace otpgate
