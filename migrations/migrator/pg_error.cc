#include "migrations/migrator/pg_error.h"

#include <pqxx/except>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace otpgate::migrator {
namespace {

absl::Status Make(absl::StatusCode code, absl::string_view what, const std::exception& error) {
  const std::string words(absl::StripAsciiWhitespace(error.what()));
  return absl::Status(code, absl::StrCat(what, ": ", words));
}

absl::StatusCode CodeOf(const pqxx::sql_error& error) {
  const std::string& state = error.sqlstate();
  if (state == "55P03") return absl::StatusCode::kDeadlineExceeded;
  if (state == "42710") return absl::StatusCode::kAlreadyExists;
  if (absl::StrContains(error.what(), "tuple concurrently updated")) {
    return absl::StatusCode::kAborted;
  }
  return absl::StatusCode::kInternal;
}

}  // namespace

// The order matters: in libpqxx 6.4 the children of transaction_rollback and broken_connection are
// no sql_error, and those of sql_error may lack their SQLSTATE.
absl::Status StatusOfCurrentException(absl::string_view what) {
  try {
    throw;
  } catch (const pqxx::transaction_rollback& error) {
    return Make(absl::StatusCode::kAborted, what, error);
  } catch (const pqxx::broken_connection& error) {
    return Make(absl::StatusCode::kUnavailable, what, error);
  } catch (const pqxx::insufficient_privilege& error) {
    return Make(absl::StatusCode::kPermissionDenied, what, error);
  } catch (const pqxx::unique_violation& error) {
    return Make(absl::StatusCode::kAlreadyExists, what, error);
  } catch (const pqxx::sql_error& error) {
    return Make(CodeOf(error), what, error);
  } catch (const std::exception& error) {
    return Make(absl::StatusCode::kUnavailable, what, error);
  }
}

}  // namespace otpgate::migrator
