#include "migrations/migrator/connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"

namespace otpgate::migrator {
namespace {

// Replaces the settings of the role and the database, which are for the server's work. Names
// without a schema are looked up in `public` only.
constexpr char kSetup[] = R"sql(
  SET search_path = public;
  SET client_min_messages = error;
  SET statement_timeout = 0;
  SET idle_in_transaction_session_timeout = 0;
  SET lock_timeout = '5s';
  SET default_transaction_isolation = 'read committed';
  SET default_transaction_read_only = off;
  SET enable_hashjoin = on;
  SET enable_mergejoin = on;
  SET enable_seqscan = on;
)sql";

}  // namespace

absl::StatusOr<std::unique_ptr<pg::Connection>> Connect(pg::ConnectionOptions options) {
  options.error_reader = pg::ErrorReader::kAdmin;
  OTPGATE_ASSIGN_OR_RETURN(std::unique_ptr<pg::Connection> connection,
                           pg::Connection::Open(options));
  OTPGATE_RETURN_IF_ERROR(connection->Run("session settings", kSetup));
  return connection;
}

absl::StatusOr<std::unique_ptr<pg::Connection>> Connect(const std::string& connection_string) {
  return Connect({.connection_string = connection_string,
                  .connect_timeout = absl::Seconds(5),
                  .notice_silent_peer = false,
                  .application = "otpgatectl"});
}

absl::Status Transaction::Begin() {
  OTPGATE_RETURN_IF_ERROR(connection_.Command("BEGIN"));
  open_ = true;
  OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows,
                           connection_.Query("BEGIN", "SELECT pg_current_xact_id()"));
  id_ = rows.at(0).at(0);
  return absl::OkStatus();
}

absl::Status Transaction::RunForeign(absl::string_view what, const std::string& sql) {
  OTPGATE_RETURN_IF_ERROR(connection_.Run(what, sql));
  OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows,
                           connection_.Query(what, "SELECT pg_current_xact_id_if_assigned()"));
  if (rows.at(0).at(0) == id_) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what,
                   " ended its transaction, so it may be half done and is not recorded: take the "
                   "transaction commands out of the file and see to the schema by hand"));
}

absl::Status Transaction::Commit() {
  open_ = false;
  return connection_.Command("COMMIT", pg::OnLoss::kInDoubt);
}

Transaction::~Transaction() {
  if (open_) connection_.Command("ROLLBACK").IgnoreError();
}

}  // namespace otpgate::migrator
