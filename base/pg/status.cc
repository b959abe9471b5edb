#include "base/pg/status.h"

#include <pqxx/except>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace otpgate::pg {
namespace {

enum class Failure {
  kRefused,         // the server answered with an error
  kRolledBack,      // class 40
  kOutcomeUnknown,  // 40003, or the answer to a COMMIT is missing
  kLost,            // the connection was lost, or libpq failed before or after sending
};

struct Caught {
  Failure failure;
  std::string words;     // the message of the server or of libpq
  std::string sqlstate;  // if kRefused
};

// The order matters: in libpqxx 6.4 transaction_rollback, broken_connection and their subclasses do
// not derive from sql_error, and insufficient_privilege has no SQLSTATE.
Caught CurrentException() {
  try {
    throw;
  } catch (const pqxx::statement_completion_unknown& error) {
    return {Failure::kOutcomeUnknown, error.what(), ""};
  } catch (const pqxx::in_doubt_error& error) {
    return {Failure::kOutcomeUnknown, error.what(), ""};
  } catch (const pqxx::transaction_rollback& error) {
    return {Failure::kRolledBack, error.what(), ""};
  } catch (const pqxx::insufficient_privilege& error) {
    return {Failure::kRefused, error.what(), "42501"};
  } catch (const pqxx::sql_error& error) {
    return {Failure::kRefused, error.what(), error.sqlstate()};
  } catch (const std::exception& error) {  // broken_connection among them
    return {Failure::kLost, error.what(), ""};
  }
}

absl::StatusCode ServiceCode(absl::string_view sqlstate) {
  if (absl::StartsWith(sqlstate, "22") || absl::StartsWith(sqlstate, "23") ||
      absl::StartsWith(sqlstate, "21")) {
    return absl::StatusCode::kInvalidArgument;
  }
  if (absl::StartsWith(sqlstate, "40")) return absl::StatusCode::kAborted;
  if (sqlstate == "55P03") return absl::StatusCode::kDeadlineExceeded;
  return absl::StatusCode::kUnavailable;
}

absl::StatusCode AdminCode(const Caught& caught) {
  if (caught.sqlstate == "55P03") return absl::StatusCode::kDeadlineExceeded;
  if (caught.sqlstate == "42501") return absl::StatusCode::kPermissionDenied;
  if (caught.sqlstate == "42710" || caught.sqlstate == "23505") {
    return absl::StatusCode::kAlreadyExists;
  }
  if (absl::StrContains(caught.words, "tuple concurrently updated")) {
    return absl::StatusCode::kAborted;
  }
  return absl::StatusCode::kInternal;
}

absl::Status LostForService(absl::string_view what, OnLoss on_loss) {
  return on_loss == OnLoss::kInDoubt
             ? absl::UnknownError(absl::StrCat(what, ": connection lost, outcome unknown"))
             : absl::UnavailableError(absl::StrCat(what, ": connection lost"));
}

absl::Status ForService(absl::string_view what, const Caught& caught, OnLoss on_loss) {
  switch (caught.failure) {
    case Failure::kRefused:
      return absl::Status(ServiceCode(caught.sqlstate),
                          absl::StrCat(what, ": SQLSTATE ", caught.sqlstate));
    case Failure::kRolledBack:
      return absl::AbortedError(absl::StrCat(what, ": conflict"));
    case Failure::kOutcomeUnknown:
      return LostForService(what, OnLoss::kInDoubt);
    case Failure::kLost:
      break;
  }
  return LostForService(what, on_loss);
}

absl::Status ForAdmin(absl::string_view what, const Caught& caught, OnLoss on_loss) {
  const std::string message = absl::StrCat(what, ": ", absl::StripAsciiWhitespace(caught.words));
  switch (caught.failure) {
    case Failure::kRefused:
      return absl::Status(AdminCode(caught), message);
    case Failure::kRolledBack:
    case Failure::kOutcomeUnknown:
      return absl::AbortedError(message);
    case Failure::kLost:
      break;
  }
  return on_loss == OnLoss::kInDoubt ? absl::UnknownError(message)
                                     : absl::UnavailableError(message);
}

// The reason from the first line of libpq's message, without the address.
absl::string_view WithoutPlace(absl::string_view words) {
  words = words.substr(0, words.find('\n'));
  for (const absl::string_view before : {" failed: ", " to address: "}) {
    const size_t at = words.find(before);
    if (at != absl::string_view::npos) return words.substr(at + before.size());
  }
  return "the connection string is not understood";
}

}  // namespace

absl::Status StatusFromException(absl::string_view what, ErrorReader error_reader, OnLoss on_loss) {
  const Caught caught = CurrentException();
  return error_reader == ErrorReader::kAdmin ? ForAdmin(what, caught, on_loss)
                                             : ForService(what, caught, on_loss);
}

absl::Status CannotConnect(absl::string_view place, absl::string_view words,
                           ErrorReader error_reader) {
  if (error_reader == ErrorReader::kService) {
    return absl::UnavailableError(absl::StrCat("connect: ", WithoutPlace(words)));
  }
  return absl::UnavailableError(
      absl::StrCat("cannot connect to ", place, ": ", absl::StripAsciiWhitespace(words)));
}

}  // namespace otpgate::pg
